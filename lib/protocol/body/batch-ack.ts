import { RocketMqError } from '../../errors/rocketmq-error.js';
import { type Decoder, decodeBody, encodeBody, integer, list, object, text } from '../json/body-decoder.js';

/** Acknowledgements of one pop in one queue. Apache: BatchAck.java. */
export interface BatchAck {
  readonly consumerGroup: string;
  readonly topic: string;
  /** `0` normal topic, `1` and `2` the two kinds of retry topic. */
  readonly retry: string;
  readonly startOffset: number;
  readonly queueId: number;
  readonly reviveQueueId: number;
  /** Time of the pop, ms. */
  readonly popTime: number;
  /** How long the messages stay hidden, ms. */
  readonly invisibleTime: number;
  /** Queue offsets that are settled, in ascending order. */
  readonly offsets: readonly number[];
}

/** Acknowledgements of popped messages. Apache: BatchAckMessageRequestBody.java. */
export interface BatchAckBody {
  readonly brokerName: string;
  readonly acks: readonly BatchAck[];
}

/** Names on the wire; `b` is a little-endian bit set in Base64, bit n for `so` + n. */
interface WireAck {
  readonly b: string;
  readonly c: string;
  readonly it: number;
  readonly pt: number;
  readonly q: number;
  readonly r: string;
  readonly rq: number;
  readonly so: number;
  readonly t: string;
}

const wireAckDecoder: Decoder<WireAck> = object<WireAck>({
  b: text(),
  c: text(),
  it: integer(),
  pt: integer(),
  q: integer(),
  r: text('0'),
  rq: integer(),
  so: integer(),
  t: text(),
});

function batchAckOf(ack: WireAck): BatchAck {
  return {
    consumerGroup: ack.c,
    topic: ack.t,
    retry: ack.r,
    startOffset: ack.so,
    queueId: ack.q,
    reviveQueueId: ack.rq,
    popTime: ack.pt,
    invisibleTime: ack.it,
    offsets: offsetsOf(Buffer.from(ack.b, 'base64'), ack.so),
  };
}

function offsetsOf(bits: Buffer, startOffset: number): number[] {
  const offsets: number[] = [];
  for (const [index, byte] of bits.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) offsets.push(startOffset + index * 8 + bit);
  }
  return offsets;
}

function bitsOf(offsets: readonly number[], startOffset: number): Buffer {
  const highest = offsets.reduce((max, offset) => Math.max(max, offset - startOffset), -1);
  const bits = Buffer.alloc((highest >> 3) + 1);
  for (const offset of offsets) bits[(offset - startOffset) >> 3] |= 1 << ((offset - startOffset) & 7);
  return bits;
}

export function encodeBatchAckBody(value: BatchAckBody): Buffer {
  const acks = value.acks.map(
    (ack): WireAck => ({
      b: bitsOf(ack.offsets, ack.startOffset).toString('base64'),
      c: ack.consumerGroup,
      it: ack.invisibleTime,
      pt: ack.popTime,
      q: ack.queueId,
      r: ack.retry,
      rq: ack.reviveQueueId,
      so: ack.startOffset,
      t: ack.topic,
    }),
  );
  return encodeBody({ acks, brokerName: value.brokerName });
}

/** Most characters of bit sets in one body: 64 KiB of bits, thousands of times what clients send at once. */
const MAX_BITS_LENGTH = 88_000;

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY`, also for absurdly long bit sets, which would unpack to a multiple of their size */
export function decodeBatchAckBody(body: Buffer): BatchAckBody {
  const wire = decodeBody(body, object<{ brokerName: string; acks: WireAck[] }>({ brokerName: text(), acks: list(wireAckDecoder) }), 'BatchAckMessageRequestBody');
  const bits = wire.acks.reduce((sum, ack) => sum + ack.b.length, 0);
  if (bits > MAX_BITS_LENGTH) {
    throw new RocketMqError('PROTOCOL_MALFORMED_BODY', `the bit sets of a batch ack have ${bits} characters; at most ${MAX_BITS_LENGTH} are accepted, send several`);
  }
  return { brokerName: wire.brokerName, acks: wire.acks.map(batchAckOf) };
}
