/** Prefix of a group's retry topic. Apache: MixAll.java. */
export const RETRY_TOPIC_PREFIX = '%RETRY%';
/** Prefix of a group's dead-letter topic. */
export const DEAD_LETTER_TOPIC_PREFIX = '%DLQ%';
/** Prefix of light message queues. */
export const LMQ_PREFIX = '%LMQ%';
/** Prefix of topics that belong to the brokers. Apache: TopicValidator.java. */
export const SYSTEM_TOPIC_PREFIX = 'rmq_sys_';
/** Prefix of groups that belong to the brokers. */
export const SYSTEM_GROUP_PREFIX = 'CID_RMQ_SYS_';

/** Topics with a meaning of their own. Apache: TopicValidator.java, TimerMessageStore.java. */
export const SYSTEM_TOPIC = {
  /** Pattern for topics created by their first message. */
  AUTO_CREATE: 'TBW102',
  SCHEDULE: 'SCHEDULE_TOPIC_XXXX',
  BENCHMARK: 'BenchmarkTest',
  TRANSACTION_HALF: 'RMQ_SYS_TRANS_HALF_TOPIC',
  TRANSACTION_OP_HALF: 'RMQ_SYS_TRANS_OP_HALF_TOPIC',
  TRANSACTION_CHECK_MAX_TIME: 'TRANS_CHECK_MAX_TIME_TOPIC',
  TRACE: 'RMQ_SYS_TRACE_TOPIC',
  SELF_TEST: 'SELF_TEST_TOPIC',
  OFFSET_MOVED_EVENT: 'OFFSET_MOVED_EVENT',
  CHECKPOINT: 'CHECKPOINT_TOPIC',
  TIMER: 'rmq_sys_wheel_timer',
} as const;

/** Groups with a meaning of their own. Apache: MixAll.java. */
export const SYSTEM_GROUP = {
  DEFAULT_PRODUCER: 'DEFAULT_PRODUCER',
  DEFAULT_CONSUMER: 'DEFAULT_CONSUMER',
  TOOLS_CONSUMER: 'TOOLS_CONSUMER',
  SCHEDULE_CONSUMER: 'SCHEDULE_CONSUMER',
  FILTERSRV_CONSUMER: 'FILTERSRV_CONSUMER',
  MONITOR_CONSUMER: '__MONITOR_CONSUMER',
  CLIENT_INNER_PRODUCER: 'CLIENT_INNER_PRODUCER',
  SELF_TEST_PRODUCER: 'SELF_TEST_P_GROUP',
  SELF_TEST_CONSUMER: 'SELF_TEST_C_GROUP',
  ONS_HTTP_PROXY: 'CID_ONS-HTTP-PROXY',
  ONSAPI_PERMISSION: 'CID_ONSAPI_PERMISSION',
  ONSAPI_OWNER: 'CID_ONSAPI_OWNER',
  ONSAPI_PULL: 'CID_ONSAPI_PULL',
  TRANSACTION: 'CID_RMQ_SYS_TRANS',
} as const;

/** Longest name of an ordinary topic, in UTF-16 units. Apache: TopicValidator.java. */
export const MAX_TOPIC_LENGTH = 127;
/** Longest name of a retry or dead-letter topic. */
export const MAX_RETRY_TOPIC_LENGTH = 255;
/** Longest group name; leaves room for the prefixes above. */
export const MAX_GROUP_LENGTH = 120;

const SYSTEM_TOPICS: ReadonlySet<string> = new Set<string>(Object.values(SYSTEM_TOPIC).filter((topic) => topic !== SYSTEM_TOPIC.TIMER));
const SYSTEM_GROUPS: ReadonlySet<string> = new Set<string>(Object.values(SYSTEM_GROUP));
const NOT_ALLOWED_SEND_TOPICS: ReadonlySet<string> = new Set<string>([
  SYSTEM_TOPIC.SCHEDULE,
  SYSTEM_TOPIC.TRANSACTION_HALF,
  SYSTEM_TOPIC.TRANSACTION_OP_HALF,
  SYSTEM_TOPIC.TRANSACTION_CHECK_MAX_TIME,
  SYSTEM_TOPIC.SELF_TEST,
  SYSTEM_TOPIC.OFFSET_MOVED_EVENT,
]);

/** Topic that failed messages of `group` wait in. */
export function retryTopicOf(group: string): string {
  return RETRY_TOPIC_PREFIX + group;
}

/** Topic that holds messages of `group` that failed too often. */
export function deadLetterTopicOf(group: string): string {
  return DEAD_LETTER_TOPIC_PREFIX + group;
}

/** Topic that replies of request-reply are stored in. */
export function replyTopicOf(cluster: string): string {
  return `${cluster}_REPLY_TOPIC`;
}

/** Topic of the pop bookkeeping of a cluster. Apache: PopAckConstants.java. */
export function reviveTopicOf(cluster: string): string {
  return `${SYSTEM_TOPIC_PREFIX}REVIVE_LOG_${cluster}`;
}

/** Retry topic of one topic and group for pop consumers; version 2 separates with `+`. Apache: KeyBuilder.java. */
export function popRetryTopicOf(topic: string, group: string, version: 1 | 2 = 1): string {
  return `${RETRY_TOPIC_PREFIX}${group}${version === 1 ? '_' : '+'}${topic}`;
}

/** The topic whose messages a pop retry topic of `group` holds; other topics are returned as they are. Apache: KeyBuilder.java. */
export function topicOfPopRetryTopic(retryTopic: string, group: string): string {
  const prefix = RETRY_TOPIC_PREFIX + group;
  if (!retryTopic.startsWith(prefix)) return retryTopic;
  const separator = retryTopic[prefix.length];
  return separator === '_' || separator === '+' ? retryTopic.slice(prefix.length + 1) : retryTopic;
}

/** Whether `topic` is a retry topic, of either kind. */
export function isRetryTopic(topic: string): boolean {
  return topic.startsWith(RETRY_TOPIC_PREFIX);
}

/** Whether `topic` is a dead-letter topic. */
export function isDeadLetterTopic(topic: string): boolean {
  return topic.startsWith(DEAD_LETTER_TOPIC_PREFIX);
}

/** The group a retry topic belongs to; `undefined` for other topics. */
export function groupOfRetryTopic(topic: string): string | undefined {
  return isRetryTopic(topic) ? topic.slice(RETRY_TOPIC_PREFIX.length) : undefined;
}

/** Whether `topic` belongs to the brokers: users may not create or delete it. */
export function isSystemTopic(topic: string): boolean {
  return SYSTEM_TOPICS.has(topic) || topic.startsWith(SYSTEM_TOPIC_PREFIX);
}

/** Whether `group` is one of {@link SYSTEM_GROUP} or carries the brokers' prefix. */
export function isSystemGroup(group: string): boolean {
  return SYSTEM_GROUPS.has(group) || group.startsWith(SYSTEM_GROUP_PREFIX);
}

/** Whether clients are refused to send to `topic`. */
export function isNotAllowedSendTopic(topic: string): boolean {
  return NOT_ALLOWED_SEND_TOPICS.has(topic);
}

const LEGAL_NAME = /^[%|a-zA-Z0-9_-]+$/;

/** What is wrong with a topic name, as a sentence for the user; `undefined` when nothing is. */
export function validateTopicName(name: string): string | undefined {
  const limit = isRetryTopic(name) || isDeadLetterTopic(name) ? MAX_RETRY_TOPIC_LENGTH : MAX_TOPIC_LENGTH;
  return validateName('topic', name, limit);
}

/** What is wrong with a group name, as a sentence for the user; `undefined` when nothing is. */
export function validateGroupName(name: string): string | undefined {
  return validateName('group', name, MAX_GROUP_LENGTH);
}

function validateName(kind: 'topic' | 'group', name: string, limit: number): string | undefined {
  if (name.trim() === '') return `the ${kind} name is blank; give it a name`;
  if (name.length > limit) return `the ${kind} name "${name.slice(0, 64)}…" has ${name.length} characters; at most ${limit} are allowed`;
  if (!LEGAL_NAME.test(name)) return `the ${kind} name "${name}" contains illegal characters; allowed are letters, digits, "%", "|", "_" and "-"`;
  return undefined;
}
