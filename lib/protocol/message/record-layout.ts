/*
 * A stored record, big-endian; the same bytes in the commit log and on the wire. Offsets hold for IPv4 hosts; each IPv6
 * host moves what follows by 12. Apache: MessageDecoder.java, MessageExtEncoder.java.
 *
 *    0 i32 size of the record          40 i64 born timestamp            84 i32 body length, body
 *    4 i32 magic (V1, V2)              48 4|16 + i32 born host           . u8 (V1) | i16 (V2) topic length, topic
 *    8 i32 CRC of the stored body      56 i64 store timestamp            . i16 properties length, properties
 *   12 i32 queue id                    64 4|16 + i32 store host
 *   16 i32 flag                        72 i32 reconsume times
 *   20 i64 queue offset                76 i64 prepared transaction offset
 *   28 i64 physical offset
 *   36 i32 sysFlag
 */

/** Records with a topic of up to 127 bytes. */
export const MAGIC_V1 = 0xdaa320a7 | 0;
/** Records with a longer topic. */
export const MAGIC_V2 = 0xdaa320ab | 0;
/** End of a commit-log file: `{ i32 bytes left, i32 this }`, what follows is padding. */
export const MAGIC_BLANK = 0xcbd43194 | 0;

export const RECORD_SIZE_OFFSET = 0;
export const MAGIC_OFFSET = 4;
export const BODY_CRC_OFFSET = 8;
export const QUEUE_ID_OFFSET = 12;
export const FLAG_OFFSET = 16;
export const QUEUE_OFFSET_OFFSET = 20;
export const PHYSICAL_OFFSET_OFFSET = 28;
export const SYS_FLAG_OFFSET = 36;
export const BORN_TIMESTAMP_OFFSET = 40;
export const BORN_HOST_OFFSET = 48;

/** Bytes of a V1 record with IPv4 hosts and without body, topic and properties. */
export const MIN_RECORD_BYTES = 91;
/** Bytes that end a commit-log file. */
export const BLANK_RECORD_BYTES = 8;
/** Longest topic of a V1 record, in bytes. */
export const MAX_V1_TOPIC_BYTES = 127;
/** Bytes an IPv6 host takes more than an IPv4 host. */
export const V6_EXTRA_BYTES = 12;
