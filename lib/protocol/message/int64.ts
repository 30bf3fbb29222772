import { RocketMqError } from '../../errors/rocketmq-error.js';

const HIGH = 0x1_0000_0000;

/** Writes a safe integer as big-endian i64 without making a BigInt; returns the position behind it. */
export function writeInt64(target: Buffer, value: number, position: number): number {
  target.writeInt32BE(Math.floor(value / HIGH), position);
  return target.writeUInt32BE(value >>> 0, position + 4);
}

/** Reads a big-endian i64 without a check: beyond ±2^53 the value is rounded. */
export function readInt64(source: Buffer, position: number): number {
  return source.readInt32BE(position) * HIGH + source.readUInt32BE(position + 4);
}

/**
 * Reads a big-endian i64 that must be within ±2^53.
 * @throws RocketMqError `MESSAGE_MALFORMED`
 */
export function readSafeInt64(source: Buffer, position: number, what: string): number {
  const value = readInt64(source, position);
  if (!Number.isSafeInteger(value)) throw new RocketMqError('MESSAGE_MALFORMED', `${what} is ${value}; expected an integer within ±2^53`);
  return value;
}
