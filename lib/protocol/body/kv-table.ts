import { type Decoder, decodeBody, encodeBody, object, record, text } from '../json/body-decoder.js';

/** Named strings: KV configuration, runtime information. Apache: KVTable.java. */
export interface KvTable {
  readonly table: Readonly<Record<string, string>>;
}

const kvTableDecoder: Decoder<KvTable> = object<KvTable>({ table: record(text()) });

export function encodeKvTable(value: KvTable): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeKvTable(body: Buffer): KvTable {
  return decodeBody(body, kvTableDecoder, 'KVTable');
}
