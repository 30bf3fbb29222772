import { RocketMqError } from '../errors/rocketmq-error.js';
import { LANGUAGE_CODES, languageOfCode } from './language-code.js';
import type { ExtFields, RemotingCommand } from './remoting-command.js';

/*
 * Serialize type 1, big-endian:
 * i16 code | u8 language | i16 version | i32 opaque | i32 flag | i32 remark length, remark
 * | i32 length of all ext fields, then { i16 name length, name, i32 value length, value }*
 * Empty names and values read as absent. Apache: RocketMQSerializable.java.
 */

const OPAQUE = 5;
const FLAG = 9;
const REMARK = 13;
/** Bytes of a header without remark and ext fields. */
const FIXED_BYTES = 21;
const MAX_INT16 = 0x7fff;

/**
 * Reads the header in `frame` from `start` to `end`.
 * @throws RocketMqError `PROTOCOL_MALFORMED_HEADER`
 */
export function decodeRocketMqHeader(frame: Buffer, start: number, end: number, body: Buffer): RemotingCommand {
  if (end - start < FIXED_BYTES) throw malformed(`has ${end - start} bytes; at least ${FIXED_BYTES} are needed`);
  const remarkStart = start + REMARK + 4;
  const remarkEnd = remarkStart + length(frame.readInt32BE(start + REMARK), end - 4 - remarkStart, 'remark');
  const fieldsStart = remarkEnd + 4;
  const fieldsEnd = fieldsStart + length(frame.readInt32BE(remarkEnd), end - fieldsStart, 'ext fields');
  return {
    code: frame.readInt16BE(start),
    language: languageOfCode(frame[start + 2]),
    version: frame.readInt16BE(start + 3),
    opaque: frame.readInt32BE(start + OPAQUE),
    flag: frame.readInt32BE(start + FLAG),
    remark: remarkEnd > remarkStart ? frame.toString('utf8', remarkStart, remarkEnd) : undefined,
    extFields: decodeFields(frame, fieldsStart, fieldsEnd),
    body,
    serializeType: 'ROCKETMQ',
  };
}

function decodeFields(frame: Buffer, start: number, end: number): ExtFields {
  const fields: Record<string, string> = {};
  let position = start;
  while (position < end) {
    if (end - position < 6) throw malformed('ends within an ext field');
    const nameStart = position + 2;
    const nameEnd = nameStart + length(frame.readInt16BE(position), end - 4 - nameStart, 'ext field name');
    const valueStart = nameEnd + 4;
    position = valueStart + length(frame.readInt32BE(nameEnd), end - valueStart, 'ext field value');
    if (nameEnd > nameStart && position > valueStart) setField(fields, frame.toString('utf8', nameStart, nameEnd), frame.toString('utf8', valueStart, position));
  }
  return fields;
}

function setField(fields: Record<string, string>, name: string, value: string): void {
  // Plain assignment to "__proto__" would call a setter instead of making a field.
  if (name === '__proto__') Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
  else fields[name] = value;
}

function length(claimed: number, available: number, what: string): number {
  if (claimed < 0 || claimed > available) throw malformed(`claims ${claimed} bytes of ${what}, but ${Math.max(0, available)} are left`);
  return claimed;
}

function malformed(problem: string): RocketMqError {
  return new RocketMqError('PROTOCOL_MALFORMED_HEADER', `the ROCKETMQ header of a frame ${problem}`);
}

/**
 * Writes the header of `command` into a buffer of its own, `headroom` bytes before it left free.
 * @throws RocketMqError `PROTOCOL_BAD_FIELD` when the code or a name does not fit this serialization
 */
export function encodeRocketMqHeader(command: Omit<RemotingCommand, 'body'>, headroom: number): Buffer {
  if (command.code > MAX_INT16 || command.code < -MAX_INT16 - 1) {
    throw new RocketMqError('PROTOCOL_BAD_FIELD', `the code ${command.code} does not fit the 16 bits of a ROCKETMQ header; use the JSON serialization`);
  }
  const remarkBytes = Buffer.byteLength(command.remark ?? '');
  const fieldsBytes = fieldsSize(command.extFields);
  const buffer = Buffer.allocUnsafe(headroom + FIXED_BYTES + remarkBytes + fieldsBytes);
  buffer.writeInt16BE(command.code, headroom);
  buffer[headroom + 2] = LANGUAGE_CODES[command.language ?? 'OTHER'];
  buffer.writeInt16BE(command.version, headroom + 3);
  buffer.writeInt32BE(command.opaque, headroom + OPAQUE);
  buffer.writeInt32BE(command.flag, headroom + FLAG);
  buffer.writeInt32BE(remarkBytes, headroom + REMARK);
  let position = headroom + REMARK + 4;
  position += buffer.write(command.remark ?? '', position, 'utf8');
  position = buffer.writeInt32BE(fieldsBytes, position);
  encodeFields(buffer, position, command.extFields);
  return buffer;
}

function fieldsSize(fields: ExtFields): number {
  let size = 0;
  for (const name in fields) {
    const nameBytes = Buffer.byteLength(name);
    if (nameBytes > MAX_INT16) throw new RocketMqError('PROTOCOL_BAD_FIELD', `the ext field name "${name.slice(0, 64)}…" has ${nameBytes} bytes; at most ${MAX_INT16} are allowed`);
    size += 6 + nameBytes + Buffer.byteLength(fields[name]);
  }
  return size;
}

function encodeFields(buffer: Buffer, start: number, fields: ExtFields): void {
  let position = start;
  for (const name in fields) {
    const nameBytes = buffer.write(name, position + 2, 'utf8');
    buffer.writeInt16BE(nameBytes, position);
    position += 2 + nameBytes;
    const valueBytes = buffer.write(fields[name], position + 4, 'utf8');
    buffer.writeInt32BE(valueBytes, position);
    position += 4 + valueBytes;
  }
}
