import { bool, type Decoder, decodeBody, encodeBody, integer, list, object, oneOf, optionally, record, text } from '../json/body-decoder.js';
import { type DataVersion, dataVersionDecoder, NO_DATA_VERSION } from './data-version.js';

/** Delays before redeliveries of a pop group. Apache: GroupRetryPolicy.java. */
export interface GroupRetryPolicy {
  readonly type: 'CUSTOMIZED' | 'EXPONENTIAL';
  /** Delays in ms, one after another. */
  readonly customizedRetryPolicy?: { readonly next: readonly number[] };
  /** `initial · multiplier^n`, at most `max`; ms. */
  readonly exponentialRetryPolicy?: { readonly initial: number; readonly max: number; readonly multiplier: number };
}

/** A subscription kept with a group's settings. Apache: SimpleSubscriptionData.java. */
export interface SimpleSubscriptionData {
  readonly topic: string;
  readonly expressionType: string;
  readonly expression: string;
  readonly version: number;
}

/** Settings of a consumer group. Apache: SubscriptionGroupConfig.java. */
export interface SubscriptionGroupConfig {
  readonly groupName: string;
  readonly consumeEnable: boolean;
  readonly consumeFromMinEnable: boolean;
  readonly consumeBroadcastEnable: boolean;
  readonly consumeMessageOrderly: boolean;
  readonly retryQueueNums: number;
  readonly retryMaxTimes: number;
  readonly groupRetryPolicy: GroupRetryPolicy;
  readonly brokerId: number;
  /** Id of the broker to read from when far behind. */
  readonly whichBrokerWhenConsumeSlowly: number;
  readonly notifyConsumerIdsChangedEnable: boolean;
  readonly groupSysFlag: number;
  readonly consumeTimeoutMinute: number;
  readonly subscriptionDataSet?: readonly SimpleSubscriptionData[];
  readonly attributes: Readonly<Record<string, string>>;
}

/** Groups of a broker with their version. Apache: SubscriptionGroupWrapper.java. */
export interface SubscriptionGroupWrapper {
  readonly subscriptionGroupTable: Readonly<Record<string, SubscriptionGroupConfig>>;
  /** Bits of forbidden things by group and topic. */
  readonly forbiddenTable: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly dataVersion: DataVersion;
}

const retryPolicyDecoder: Decoder<GroupRetryPolicy> = object<GroupRetryPolicy>({
  type: oneOf(['CUSTOMIZED', 'EXPONENTIAL'], 'CUSTOMIZED'),
  customizedRetryPolicy: optionally(object<{ next: readonly number[] }>({ next: list(integer()) })),
  exponentialRetryPolicy: optionally(
    object<{ initial: number; max: number; multiplier: number }>({ initial: integer(5_000), max: integer(7_200_000), multiplier: integer(2) }),
  ),
});

const simpleSubscriptionDecoder: Decoder<SimpleSubscriptionData> = object<SimpleSubscriptionData>({
  topic: text(),
  expressionType: text('TAG'),
  expression: text('*'),
  version: integer(),
});

export const subscriptionGroupConfigDecoder: Decoder<SubscriptionGroupConfig> = object<SubscriptionGroupConfig>({
  groupName: text(),
  consumeEnable: bool(true),
  consumeFromMinEnable: bool(true),
  consumeBroadcastEnable: bool(true),
  consumeMessageOrderly: bool(),
  retryQueueNums: integer(1),
  retryMaxTimes: integer(16),
  groupRetryPolicy: (value, path) => optionally(retryPolicyDecoder)(value, path) ?? { type: 'CUSTOMIZED' },
  brokerId: integer(),
  whichBrokerWhenConsumeSlowly: integer(1),
  notifyConsumerIdsChangedEnable: bool(true),
  groupSysFlag: integer(),
  consumeTimeoutMinute: integer(15),
  subscriptionDataSet: optionally(list(simpleSubscriptionDecoder)),
  attributes: record(text()),
});

const subscriptionGroupWrapperDecoder: Decoder<SubscriptionGroupWrapper> = object<SubscriptionGroupWrapper>({
  subscriptionGroupTable: record(subscriptionGroupConfigDecoder),
  forbiddenTable: record(record(integer())),
  dataVersion: (value, path) => optionally(dataVersionDecoder)(value, path) ?? NO_DATA_VERSION,
});

export function encodeSubscriptionGroupConfig(value: SubscriptionGroupConfig): Buffer {
  return encodeBody(value);
}

/** Absent members take Apache's defaults. @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeSubscriptionGroupConfig(body: Buffer): SubscriptionGroupConfig {
  return decodeBody(body, subscriptionGroupConfigDecoder, 'SubscriptionGroupConfig');
}

export function encodeSubscriptionGroupWrapper(value: SubscriptionGroupWrapper): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeSubscriptionGroupWrapper(body: Buffer): SubscriptionGroupWrapper {
  return decodeBody(body, subscriptionGroupWrapperDecoder, 'SubscriptionGroupWrapper');
}

/** Several groups to create at once. Apache: SubscriptionGroupList.java. */
export interface SubscriptionGroupList {
  readonly groupConfigList: readonly SubscriptionGroupConfig[];
}

export function encodeSubscriptionGroupList(value: SubscriptionGroupList): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeSubscriptionGroupList(body: Buffer): SubscriptionGroupList {
  return decodeBody(body, object<SubscriptionGroupList>({ groupConfigList: list(subscriptionGroupConfigDecoder) }), 'SubscriptionGroupList');
}
