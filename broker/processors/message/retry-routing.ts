import { PROPERTY, withProperty } from '../../../lib/protocol/message/properties.js';
import type { ExtFields } from '../../../lib/protocol/remoting-command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { deadLetterTopicOf, groupOfRetryTopic } from '../../../lib/protocol/topic-names.js';
import { VERSION } from '../../../lib/protocol/version.js';
import type { QueueLockTable } from '../../ordering/queue-lock-table.js';
import { RequestRefusedError } from '../../remoting/request-processor.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import type { TopicTable } from '../../topics/topic-table.js';
import { FAQ_HINT } from '../faq.js';
import type { SendHeader } from './send-admission.js';

/** Queues of a dead-letter topic. */
export const DEAD_LETTER_QUEUES = 1;

/** Where a message goes that was sent to a retry topic and has failed too often. */
export interface DeadLetterRoute {
  readonly topic: string;
  readonly queueId: number;
  readonly properties: string;
}

/** Largest number of deliveries a request may ask for; old clients' header fields do not count. */
export function maxReconsumeTimesOf(ofGroup: number, ofHeader: number | undefined, clientVersion: number): number {
  return ofHeader !== undefined && clientVersion >= VERSION.V3_4_9 ? ofHeader : ofGroup;
}

/** The group's name in a pop retry topic cannot be told from its topic's; for `+` it can. Apache: KeyBuilder.java, parseGroup. */
function groupOf(retryTopic: string): string | undefined {
  const rest = groupOfRetryTopic(retryTopic);
  if (rest === undefined) return undefined;
  const plus = rest.indexOf('+');
  return plus < 0 ? rest : rest.slice(0, plus);
}

/** Sends to retry topics: decides which of them are dead letters. Apache: SendMessageProcessor.java, handleRetryAndDLQ. */
export class RetryRouting {
  constructor(
    private readonly groups: SubscriptionGroupTable,
    private readonly topics: TopicTable,
    private readonly locks: QueueLockTable,
    /** Fields of refusals, see `BrokerIdentity.sendExtFields`. */
    private readonly extFields: ExtFields,
  ) {}

  /** The route to the dead letters; `undefined` when the message may go to its retry topic. @throws RequestRefusedError */
  deadLetterRoute(header: SendHeader, clientVersion: number): DeadLetterRoute | undefined {
    const group = groupOf(header.topic);
    if (group === undefined) return undefined;
    const config = this.groups.find(group);
    if (config === undefined) {
      throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, `subscription group not exist, ${group} ${FAQ_HINT}`, this.extFields);
    }
    const limit = maxReconsumeTimesOf(config.retryMaxTimes, header.maxReconsumeTimes, clientVersion);
    // An orderly consumer retries by itself; what it sends has failed for good.
    if ((header.reconsumeTimes ?? 0) <= limit && !this.locks.isLocked(group)) return undefined;
    const topic = deadLetterTopicOf(group);
    this.topics.createIfAbsent(topic, DEAD_LETTER_QUEUES, { order: false });
    return { topic, queueId: 0, properties: withProperty(header.properties ?? '', PROPERTY.DELAY, '-1') };
  }
}
