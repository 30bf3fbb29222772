import type { TopicConfig } from '../../../lib/protocol/body/topic-config.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { validateTopicName } from '../../../lib/protocol/topic-names.js';
import { RequestRefusedError } from '../../remoting/request-processor.js';
import { AttributeError } from '../../topics/topic-attributes.js';
import type { TopicTable } from '../../topics/topic-table.js';

/** Options of topic changes, under their names in `broker.conf`. */
export interface TopicChangeOptions {
  /** Whether a topic may be declared to hold messages of all kinds. */
  readonly enableMixedMessageType: boolean;
  /** Whether system topics are protected from changes. */
  readonly validateSystemTopicWhenUpdateTopic: boolean;
}

/** Refuses the names of system topics. @throws RequestRefusedError */
export function refuseSystemTopic(topics: TopicTable, topic: string, options: TopicChangeOptions): void {
  if (!options.validateSystemTopicWhenUpdateTopic || !topics.isSystemTopic(topic)) return;
  throw new RequestRefusedError(ResponseCode.INVALID_PARAMETER, `The topic[${topic}] is conflict with system topic.`);
}

/** Checks a topic before it is created or changed. @throws RequestRefusedError */
export function checkTopicChange(topics: TopicTable, config: TopicConfig, options: TopicChangeOptions): void {
  const problem = validateTopicName(config.topicName);
  if (problem !== undefined) throw new RequestRefusedError(ResponseCode.INVALID_PARAMETER, problem);
  refuseSystemTopic(topics, config.topicName, options);
  if (!options.enableMixedMessageType && config.attributes['+message.type'] === 'MIXED') {
    throw new RequestRefusedError(ResponseCode.INVALID_PARAMETER, 'MIXED message type is not supported.');
  }
}

/** Whether a change asks for what is there already; its attributes are signed changes. */
export function changesNothing(topics: TopicTable, config: TopicConfig): boolean {
  const present = topics.find(config.topicName);
  return (
    present !== undefined &&
    present.readQueueNums === config.readQueueNums &&
    present.writeQueueNums === config.writeQueueNums &&
    present.perm === config.perm &&
    present.topicFilterType === config.topicFilterType &&
    present.topicSysFlag === config.topicSysFlag &&
    present.order === config.order &&
    Object.keys(config.attributes).length === 0
  );
}

/** Applies changes; what is wrong with their attributes is told to the user. @throws RequestRefusedError */
export async function applyTopicChanges(topics: TopicTable, configs: readonly TopicConfig[]): Promise<void> {
  try {
    topics.update(configs);
  } catch (error) {
    if (error instanceof AttributeError) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, error.message);
    throw error;
  }
  await topics.persisted();
}
