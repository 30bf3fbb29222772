import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { MessageExt } from '../../protocol/message/message.js';

/** Turns payloads into message bodies and back. Replaceable per cluster, per consumer and per send. */
export interface PayloadCodec {
  /** Body of a payload. May throw; the send then fails with that error. */
  encode(payload: unknown): Uint8Array;
  /** Payload of a body. @throws anything: the message is then dead-lettered as unreadable. */
  decode(body: Buffer, message: MessageExt): unknown;
}

/** JSON in UTF-8. Bytes (`Buffer`, `Uint8Array`) are sent as they are; an empty body is read as `null`. */
export const jsonCodec: PayloadCodec = {
  encode(payload) {
    if (payload instanceof Uint8Array) return payload;
    const text = JSON.stringify(payload);
    if (text === undefined) {
      throw new RocketMqError('PAYLOAD_INVALID', `a payload of type ${typeof payload} cannot be written as JSON; send an object, a string, a number or bytes`);
    }
    return Buffer.from(text, 'utf8');
  },
  decode(body) {
    return body.length === 0 ? null : (JSON.parse(body.toString('utf8')) as unknown);
  },
};

/** The body itself: handlers get a `Buffer`; senders give bytes or text. */
export const rawCodec: PayloadCodec = {
  encode(payload) {
    if (payload instanceof Uint8Array) return payload;
    if (typeof payload === 'string') return Buffer.from(payload, 'utf8');
    throw new RocketMqError('PAYLOAD_INVALID', `rawCodec sends bytes or text, not ${typeof payload}; use jsonCodec for objects`);
  },
  decode: (body) => body,
};

/** UTF-8 text. */
export const textCodec: PayloadCodec = {
  encode: (payload) => Buffer.from(String(payload), 'utf8'),
  decode: (body) => body.toString('utf8'),
};
