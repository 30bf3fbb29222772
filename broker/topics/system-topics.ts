import { PERM_INHERIT, PERM_READ, PERM_WRITE } from '../../lib/protocol/perm.js';
import { replyTopicOf, reviveTopicOf, SYSTEM_TOPIC, SYSTEM_TOPIC_PREFIX } from '../../lib/protocol/topic-names.js';
import type { TopicConfig } from '../../lib/protocol/body/topic-config.js';

/** Options of the topic table, under their names in `broker.conf`. */
export interface TopicOptions {
  readonly brokerClusterName: string;
  readonly brokerName: string;
  /** Whether the first message to an unknown topic creates it. */
  readonly autoCreateTopicEnable: boolean;
  /** Queues of the pattern topic `TBW102`. */
  readonly defaultTopicQueueNums: number;
  readonly clusterTopicEnable: boolean;
  readonly brokerTopicEnable: boolean;
  readonly traceTopicEnable: boolean;
  readonly msgTraceTopicName: string;
  readonly reviveQueueNum: number;
  readonly timerWheelEnable: boolean;
}

/** Queues a topic has when nobody says how many. Apache: TopicConfig.java. */
const DEFAULT_QUEUES = 16;
const SCHEDULE_QUEUES = 18;
const BENCHMARK_QUEUES = 1024;
const READ_WRITE = PERM_READ | PERM_WRITE;

/** A topic's configuration with Apache's defaults. */
export function newTopicConfig(topicName: string, queues: number = DEFAULT_QUEUES, perm: number = READ_WRITE): TopicConfig {
  return {
    topicName,
    readQueueNums: queues,
    writeQueueNums: queues,
    perm,
    topicFilterType: 'SINGLE_TAG',
    topicSysFlag: 0,
    order: false,
    attributes: {},
  };
}

/** Topics every broker has from its start. Apache: TopicConfigManager.java. */
export function systemTopicConfigs(options: TopicOptions): TopicConfig[] {
  const configs = [
    newTopicConfig(SYSTEM_TOPIC.SELF_TEST, 1),
    newTopicConfig(SYSTEM_TOPIC.BENCHMARK, BENCHMARK_QUEUES),
    newTopicConfig(options.brokerClusterName, DEFAULT_QUEUES, PERM_INHERIT | (options.clusterTopicEnable ? READ_WRITE : 0)),
    newTopicConfig(options.brokerName, 1, PERM_INHERIT | (options.brokerTopicEnable ? READ_WRITE : 0)),
    newTopicConfig(SYSTEM_TOPIC.OFFSET_MOVED_EVENT, 1),
    newTopicConfig(SYSTEM_TOPIC.SCHEDULE, SCHEDULE_QUEUES),
    newTopicConfig(replyTopicOf(options.brokerClusterName), 1),
    newTopicConfig(reviveTopicOf(options.brokerClusterName), options.reviveQueueNum),
    newTopicConfig(`${SYSTEM_TOPIC_PREFIX}SYNC_BROKER_MEMBER_${options.brokerName}`, 1, PERM_INHERIT),
    newTopicConfig(SYSTEM_TOPIC.TRANSACTION_HALF, 1),
    newTopicConfig(SYSTEM_TOPIC.TRANSACTION_OP_HALF, 1),
  ];
  if (options.autoCreateTopicEnable) {
    configs.push(newTopicConfig(SYSTEM_TOPIC.AUTO_CREATE, options.defaultTopicQueueNums, PERM_INHERIT | READ_WRITE));
  }
  if (options.traceTopicEnable) configs.push(newTopicConfig(options.msgTraceTopicName, 1));
  if (options.timerWheelEnable) configs.push(newTopicConfig(SYSTEM_TOPIC.TIMER, 1));
  return configs;
}
