import { bool, type Decoder, decodeBody, double, encodeBody, integer, list, object, optionally, text, wideInteger } from '../json/body-decoder.js';
import { type SubscriptionData, subscriptionDataDecoder } from './subscription-data.js';

/** One statistic over one span. Apache: BrokerStatsItem.java. */
export interface BrokerStatsItem {
  readonly sum: number;
  /** Per second. */
  readonly tps: number;
  /** Average per call. */
  readonly avgpt: number;
}

/** One statistic over the last minute, hour and day. Apache: BrokerStatsData.java. */
export interface BrokerStatsData {
  readonly statsMinute: BrokerStatsItem;
  readonly statsHour: BrokerStatsItem;
  readonly statsDay: BrokerStatsItem;
}

const itemMembers: Decoder<BrokerStatsItem> = object<BrokerStatsItem>({ sum: integer(), tps: double(), avgpt: double() });
const itemDecoder: Decoder<BrokerStatsItem> = (value, path) => itemMembers(value ?? {}, path);

export function encodeBrokerStatsData(value: BrokerStatsData): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeBrokerStatsData(body: Buffer): BrokerStatsData {
  return decodeBody(body, object<BrokerStatsData>({ statsMinute: itemDecoder, statsHour: itemDecoder, statsDay: itemDecoder }), 'BrokerStatsData');
}

/** One entry of a consume queue. Apache: ConsumeQueueData.java. */
export interface ConsumeQueueData {
  readonly physicOffset: number;
  readonly physicSize: number;
  readonly tagsCode: number;
  readonly extendDataJson?: string;
  readonly bitMap?: string;
  /** The group's filter takes it. */
  readonly eval: boolean;
  readonly msg?: string;
}

/** A stretch of a consume queue. Apache: QueryConsumeQueueResponseBody.java. */
export interface ConsumeQueueStretch {
  readonly subscriptionData?: SubscriptionData;
  readonly filterData?: string;
  readonly queueData: readonly ConsumeQueueData[];
  readonly minQueueIndex: number;
  readonly maxQueueIndex: number;
}

const stretchDecoder: Decoder<ConsumeQueueStretch> = object<ConsumeQueueStretch>({
  subscriptionData: optionally(subscriptionDataDecoder),
  filterData: optionally(text()),
  queueData: list(
    object<ConsumeQueueData>({
      physicOffset: integer(),
      physicSize: integer(),
      tagsCode: wideInteger(),
      extendDataJson: optionally(text()),
      bitMap: optionally(text()),
      eval: bool(),
      msg: optionally(text()),
    }),
  ),
  minQueueIndex: integer(),
  maxQueueIndex: integer(),
});

export function encodeConsumeQueueStretch(value: ConsumeQueueStretch): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeConsumeQueueStretch(body: Buffer): ConsumeQueueStretch {
  return decodeBody(body, stretchDecoder, 'QueryConsumeQueueResponseBody');
}
