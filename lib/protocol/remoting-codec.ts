import { RocketMqError } from '../errors/rocketmq-error.js';
import { decodeJsonHeader, encodeJsonHeader } from './json-header-codec.js';
import { EMPTY_BODY, type RemotingCommand } from './remoting-command.js';
import { decodeRocketMqHeader, encodeRocketMqHeader } from './rocketmq-header-codec.js';

/*
 * i32 length of the rest | u8 serialize type | u24 header length | header | body. Apache: RemotingCommand.java.
 */

/** Bytes before the header. */
const HEAD_BYTES = 8;
const TYPE_JSON = 0;
const TYPE_ROCKETMQ = 1;
const MAX_HEADER_BYTES = 0xff_ffff;

/**
 * Reads one whole frame, its length field included. The body is a slice of `frame`.
 * @throws RocketMqError `PROTOCOL_MALFORMED_FRAME`, `PROTOCOL_MALFORMED_HEADER`
 */
export function decodeFrame(frame: Buffer): RemotingCommand {
  if (frame.length < HEAD_BYTES || frame.readUInt32BE(0) !== frame.length - 4) {
    throw malformed(`a frame of ${frame.length} bytes claims another length; pass whole frames, length field included`);
  }
  const headerEnd = HEAD_BYTES + frame.readUIntBE(5, 3);
  if (headerEnd > frame.length) throw malformed(`a frame of ${frame.length} bytes claims ${headerEnd - HEAD_BYTES} bytes of header`);
  const body = headerEnd === frame.length ? EMPTY_BODY : frame.subarray(headerEnd);
  switch (frame[4]) {
    case TYPE_JSON:
      return decodeJsonHeader(frame, HEAD_BYTES, headerEnd, body);
    case TYPE_ROCKETMQ:
      return decodeRocketMqHeader(frame, HEAD_BYTES, headerEnd, body);
    default:
      throw malformed(`a frame has serialize type ${frame[4]}; known are 0 (JSON) and 1 (ROCKETMQ)`);
  }
}

/**
 * Writes `command` as one frame, its body copied.
 * @throws RocketMqError `PROTOCOL_BAD_FIELD`
 */
export function encodeFrame(command: RemotingCommand): Buffer {
  const head = encodeFrameHead(command, command.body.length);
  return command.body.length === 0 ? head : Buffer.concat([head, command.body], head.length + command.body.length);
}

/**
 * Writes length field and header of a frame whose body of `bodyLength` bytes is sent behind it without being copied.
 * @throws RocketMqError `PROTOCOL_BAD_FIELD`
 */
export function encodeFrameHead(command: Omit<RemotingCommand, 'body'>, bodyLength: number): Buffer {
  const json = command.serializeType === 'JSON';
  const head = json ? encodeJsonHeader(command, HEAD_BYTES) : encodeRocketMqHeader(command, HEAD_BYTES);
  const headerBytes = head.length - HEAD_BYTES;
  if (headerBytes > MAX_HEADER_BYTES) {
    throw new RocketMqError('PROTOCOL_BAD_FIELD', `the header has ${headerBytes} bytes; at most ${MAX_HEADER_BYTES} fit into a frame`);
  }
  head.writeUInt32BE(4 + headerBytes + bodyLength, 0);
  head.writeUInt32BE((json ? TYPE_JSON : TYPE_ROCKETMQ) * 0x100_0000 + headerBytes, 4);
  return head;
}

function malformed(message: string): RocketMqError {
  return new RocketMqError('PROTOCOL_MALFORMED_FRAME', message);
}
