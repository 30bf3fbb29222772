/*
 * Bits of a message's sysFlag. Apache: MessageSysFlag.java.
 *   0x001 compressed   0x002 multi tags   0x00c transaction type   0x010 born host IPv6   0x020 store host IPv6
 *   0x040 to be unwrapped by the client   0x080 inner batch   0x700 compression type
 */

/** The body is compressed, by {@link COMPRESSION_TYPE_MASK}. */
export const COMPRESSED_FLAG = 0x1;
export const MULTI_TAGS_FLAG = 0x2;

/** An ordinary message. */
export const TRANSACTION_NOT_TYPE = 0;
/** A half message: waits for its producer's decision. */
export const TRANSACTION_PREPARED_TYPE = 0x4;
export const TRANSACTION_COMMIT_TYPE = 0x8;
export const TRANSACTION_ROLLBACK_TYPE = 0xc;

/** Born host has 16 address bytes. */
export const BORN_HOST_V6_FLAG = 0x10;
/** Store host has 16 address bytes. */
export const STORE_HOST_V6_FLAG = 0x20;
/** The body is a batch that the client takes apart (together with {@link INNER_BATCH_FLAG}). */
export const NEED_UNWRAP_FLAG = 0x40;
export const INNER_BATCH_FLAG = 0x80;

/** Bits that tell how a compressed body was compressed. */
export const COMPRESSION_TYPE_MASK = 0x700;
export const COMPRESSION_LZ4_TYPE = 0x100;
export const COMPRESSION_ZSTD_TYPE = 0x200;
export const COMPRESSION_ZLIB_TYPE = 0x300;

/** One of the four transaction types above. */
export function transactionTypeOf(sysFlag: number): number {
  return sysFlag & TRANSACTION_ROLLBACK_TYPE;
}

/** `sysFlag` with another transaction type. */
export function withTransactionType(sysFlag: number, type: number): number {
  return (sysFlag & ~TRANSACTION_ROLLBACK_TYPE) | type;
}

/** Whether the body is compressed. */
export function isCompressed(sysFlag: number): boolean {
  return (sysFlag & COMPRESSED_FLAG) !== 0;
}

/** Whether the body is a batch to be taken apart by the client. */
export function isInnerBatch(sysFlag: number): boolean {
  return (sysFlag & (NEED_UNWRAP_FLAG | INNER_BATCH_FLAG)) === (NEED_UNWRAP_FLAG | INNER_BATCH_FLAG);
}
