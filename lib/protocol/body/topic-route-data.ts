import { bool, type Decoder, decodeBody, encodeBody, integer, list, object, optionally, record, text } from '../json/body-decoder.js';

/** Queues of a topic on one broker. Apache: QueueData.java. */
export interface QueueData {
  readonly brokerName: string;
  readonly readQueueNums: number;
  readonly writeQueueNums: number;
  /** Bits of `perm.ts`. */
  readonly perm: number;
  readonly topicSysFlag: number;
}

/** A master with its replicas. Apache: BrokerData.java. */
export interface BrokerData {
  readonly cluster: string;
  readonly brokerName: string;
  /** Addresses by broker id; 0 is the master. */
  readonly brokerAddrs: Readonly<Record<number, string>>;
  readonly enableActingMaster: boolean;
  readonly zoneName?: string;
}

/** Where the queues of a topic are. Apache: TopicRouteData.java. */
export interface TopicRouteData {
  /** `brokerA:4;brokerB:4` for an ordered topic; absent otherwise, never empty. */
  readonly orderTopicConf?: string;
  readonly queueDatas: readonly QueueData[];
  readonly brokerDatas: readonly BrokerData[];
  readonly filterServerTable: Readonly<Record<string, readonly string[]>>;
}

export const queueDataDecoder: Decoder<QueueData> = object<QueueData>({
  brokerName: text(),
  readQueueNums: integer(),
  writeQueueNums: integer(),
  perm: integer(),
  topicSysFlag: integer(),
});

export const brokerDataDecoder: Decoder<BrokerData> = object<BrokerData>({
  cluster: text(),
  brokerName: text(),
  brokerAddrs: record(text()),
  enableActingMaster: bool(),
  zoneName: optionally(text()),
});

const topicRouteDataDecoder: Decoder<TopicRouteData> = object<TopicRouteData>({
  orderTopicConf: optionally(text()),
  queueDatas: list(queueDataDecoder),
  brokerDatas: list(brokerDataDecoder),
  filterServerTable: record(list(text())),
});

/** Strict JSON, which every version of every client reads. */
export function encodeTopicRouteData(value: TopicRouteData): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeTopicRouteData(body: Buffer): TopicRouteData {
  return decodeBody(body, topicRouteDataDecoder, 'TopicRouteData');
}
