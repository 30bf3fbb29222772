import { type Decoder, decodeBody, encodeBody, integer, object } from '../json/body-decoder.js';

/** Version of a table: changes with every change of it. Apache: DataVersion.java. */
export interface DataVersion {
  readonly counter: number;
  /** When it changed last, ms since the epoch. */
  readonly timestamp: number;
  readonly stateVersion: number;
}

export const dataVersionDecoder: Decoder<DataVersion> = object<DataVersion>({ counter: integer(), timestamp: integer(), stateVersion: integer() });

/** The version that an absent one reads as. */
export const NO_DATA_VERSION: DataVersion = { counter: 0, timestamp: 0, stateVersion: 0 };

export function encodeDataVersion(value: DataVersion): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeDataVersion(body: Buffer): DataVersion {
  return decodeBody(body, dataVersionDecoder, 'DataVersion');
}
