import { type Decoder, decodeBody, encodeBody, integer, object, optionally, record } from '../json/body-decoder.js';
import { type DataVersion, dataVersionDecoder, NO_DATA_VERSION } from './data-version.js';

/** All consumer offsets of a broker. Apache: ConsumerOffsetSerializeWrapper.java. */
export interface ConsumerOffsetWrapper {
  /** Next offset to consume, by `topic@group` and queue id. */
  readonly offsetTable: Readonly<Record<string, Readonly<Record<number, number>>>>;
  readonly dataVersion: DataVersion;
}

const consumerOffsetWrapperDecoder: Decoder<ConsumerOffsetWrapper> = object<ConsumerOffsetWrapper>({
  offsetTable: record(record(integer())),
  dataVersion: (value, path) => optionally(dataVersionDecoder)(value, path) ?? NO_DATA_VERSION,
});

export function encodeConsumerOffsetWrapper(value: ConsumerOffsetWrapper): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumerOffsetWrapper(body: Buffer): ConsumerOffsetWrapper {
  return decodeBody(body, consumerOffsetWrapperDecoder, 'ConsumerOffsetSerializeWrapper');
}

/** Offsets of the delay levels. Apache: DelayOffsetSerializeWrapper.java. */
export interface DelayOffsetWrapper {
  /** By level. */
  readonly offsetTable: Readonly<Record<number, number>>;
  readonly dataVersion?: DataVersion;
}

export function encodeDelayOffsetWrapper(value: DelayOffsetWrapper): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeDelayOffsetWrapper(body: Buffer): DelayOffsetWrapper {
  return decodeBody(body, object<DelayOffsetWrapper>({ offsetTable: record(integer()), dataVersion: optionally(dataVersionDecoder) }), 'DelayOffsetSerializeWrapper');
}
