import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { Clock } from '../../runtime/clock.js';
import type { Random } from '../../runtime/random.js';
import { HOST_V4_BYTES, HOST_V6_BYTES, isV6, readHost, writeHost } from './host-bytes.js';
import { readSafeInt64, writeInt64 } from './int64.js';
import type { HostAddress } from './message.js';

/*
 * offset message id: upper-case hex of { address 4|16 | i32 port | i64 commit-log offset }: 32 or 56 characters.
 * unique key: upper-case hex of { address 4|16 | i16 pid | i32 tag of the process | i32 ms since the local month began | i16 counter }.
 * Apache: MessageDecoder.java, MessageClientIDSetter.java.
 */

/**
 * Id of the record at `physicalOffset` on the broker that stored it at `host`.
 * @throws RocketMqError `MESSAGE_ILLEGAL` when `host.ip` is not a literal address
 */
export function encodeOffsetMsgId(host: HostAddress, physicalOffset: number): string {
  const bytes = Buffer.allocUnsafe((isV6(host.ip) ? HOST_V6_BYTES : HOST_V4_BYTES) + 8);
  writeInt64(bytes, physicalOffset, writeHost(bytes, 0, host));
  return upperHex(bytes, 0, bytes.length);
}

/**
 * Store host and commit-log offset that an offset message id names.
 * @throws RocketMqError `PROTOCOL_BAD_FIELD` when it is not such an id
 */
export function decodeOffsetMsgId(id: string): { host: HostAddress; physicalOffset: number } {
  const v6 = id.length === 56;
  if ((id.length !== 32 && !v6) || !/^[0-9a-fA-F]*$/.test(id)) throw notAnId(id, 'expected 32 or 56 hex digits');
  const bytes = Buffer.from(id, 'hex');
  const host = readHost(bytes, 0, v6);
  try {
    return { host, physicalOffset: readSafeInt64(bytes, bytes.length - 8, 'the offset of a message id') };
  } catch (error) {
    throw notAnId(id, 'its offset is beyond 2^53', error);
  }
}

function notAnId(id: string, problem: string, cause?: unknown): RocketMqError {
  return new RocketMqError('PROTOCOL_BAD_FIELD', `"${id.slice(0, 80)}" is not an offset message id: ${problem}`, { details: { id: id.slice(0, 80) }, cause });
}

/** Upper-case hex of a stretch of bytes. */
export function upperHex(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('hex', start, end).toUpperCase();
}

const MAX_INT32 = 0x7fff_ffff;

/** Makes the unique keys of one process's messages. */
export class UniqueKeyGenerator {
  readonly #clock: Clock;
  readonly #prefix: string;
  #counter = 0;
  #monthStart = 0;
  #nextMonthStart = 0;

  /**
   * @param ip own address, IPv4 or IPv6
   * @param pid process id; its lower 16 bits are used
   * @param random tells apart generators with the same address and process id
   * @throws RocketMqError `MESSAGE_ILLEGAL` when `ip` is not a literal address
   */
  constructor(ip: string, pid: number, clock: Clock, random: Random) {
    this.#clock = clock;
    const address = Buffer.alloc(HOST_V6_BYTES);
    const addressBytes = writeHost(address, 0, { ip, port: 0 }) - 4;
    this.#prefix = upperHex(address, 0, addressBytes) + hex(pid & 0xffff, 4) + hex(random.int(MAX_INT32), 8);
  }

  /** The next key. Distinct as long as fewer than 65 536 are made within one millisecond. */
  next(): string {
    const now = this.#clock.now();
    if (now >= this.#nextMonthStart || now < this.#monthStart - 1_000_000) this.#enterMonth(now);
    const sinceMonthStart = Math.max(0, now - this.#monthStart);
    const counter = this.#counter;
    this.#counter = (counter + 1) & 0xffff;
    return this.#prefix + hex(sinceMonthStart, 8) + hex(counter, 4);
  }

  #enterMonth(now: number): void {
    const date = new Date(now);
    this.#monthStart = new Date(date.getFullYear(), date.getMonth(), 1).getTime();
    this.#nextMonthStart = new Date(date.getFullYear(), date.getMonth() + 1, 1).getTime();
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
