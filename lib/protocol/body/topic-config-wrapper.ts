import { type Decoder, decodeBody, encodeBody, object, optionally, record } from '../json/body-decoder.js';
import { type DataVersion, dataVersionDecoder, NO_DATA_VERSION } from './data-version.js';
import { type TopicConfig, topicConfigDecoder } from './topic-config.js';

/** Topics of a broker with their version. Apache: TopicConfigSerializeWrapper.java. */
export interface TopicConfigWrapper {
  readonly topicConfigTable: Readonly<Record<string, TopicConfig>>;
  readonly dataVersion: DataVersion;
}

/** The same with static topics, as a broker registers it. Apache: TopicConfigAndMappingSerializeWrapper.java. */
export interface TopicConfigAndMappingWrapper extends TopicConfigWrapper {
  readonly mappingDataVersion?: DataVersion;
  /** Kept as parsed JSON by topic: static topics are not served here. */
  readonly topicQueueMappingInfoMap?: Readonly<Record<string, unknown>>;
  readonly topicQueueMappingDetailMap?: Readonly<Record<string, unknown>>;
}

const version: Decoder<DataVersion> = (value, path) => optionally(dataVersionDecoder)(value, path) ?? NO_DATA_VERSION;
const asParsed: Decoder<unknown> = (value) => value;

export const topicConfigWrapperDecoder: Decoder<TopicConfigWrapper> = object<TopicConfigWrapper>({
  topicConfigTable: record(topicConfigDecoder),
  dataVersion: version,
});

export const topicConfigAndMappingWrapperDecoder: Decoder<TopicConfigAndMappingWrapper> = object<TopicConfigAndMappingWrapper>({
  topicConfigTable: record(topicConfigDecoder),
  dataVersion: version,
  mappingDataVersion: version,
  topicQueueMappingInfoMap: record(asParsed),
  topicQueueMappingDetailMap: record(asParsed),
});

export function encodeTopicConfigWrapper(value: TopicConfigWrapper | TopicConfigAndMappingWrapper): Buffer {
  return encodeBody(value);
}

/** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
export function decodeTopicConfigWrapper(body: Buffer): TopicConfigWrapper {
  return decodeBody(body, topicConfigWrapperDecoder, 'TopicConfigSerializeWrapper');
}
