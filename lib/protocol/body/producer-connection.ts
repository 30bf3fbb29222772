import { type Decoder, decodeBody, encodeBody, integer, list, object, optionally, record, text } from '../json/body-decoder.js';
import { type Connection, connectionDecoder } from './consumer-connection.js';

/** Connections of a producer group. Apache: ProducerConnection.java. */
export interface ProducerConnection {
  readonly connectionSet: readonly Connection[];
}

/** One producer of a broker. Apache: ProducerInfo.java. */
export interface ProducerInfo {
  readonly clientId: string;
  /** `/ip:port`, as Java prints a socket address. */
  readonly remoteIP: string;
  readonly language?: string;
  readonly version: number;
  /** Time of the last heartbeat, ms. */
  readonly lastUpdateTimestamp: number;
}

/** All producers of a broker, by group. Apache: ProducerTableInfo.java. */
export interface ProducerTable {
  readonly data: Readonly<Record<string, readonly ProducerInfo[]>>;
}

const producerTableDecoder: Decoder<ProducerTable> = object<ProducerTable>({
  data: record(
    list(object<ProducerInfo>({ clientId: text(), remoteIP: text(), language: optionally(text()), version: integer(), lastUpdateTimestamp: integer() })),
  ),
});

export function encodeProducerConnection(value: ProducerConnection): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeProducerConnection(body: Buffer): ProducerConnection {
  return decodeBody(body, object<ProducerConnection>({ connectionSet: list(connectionDecoder) }), 'ProducerConnection');
}

export function encodeProducerTable(value: ProducerTable): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeProducerTable(body: Buffer): ProducerTable {
  return decodeBody(body, producerTableDecoder, 'ProducerTableInfo');
}
