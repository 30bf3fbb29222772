import type { SubscriptionData } from '../../protocol/body/subscription-data.js';
import { pullMessage } from '../../protocol/commands/message/pull-message.command.js';
import type { MessageExt, MessageQueue } from '../../protocol/message/message.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import { buildPullSysFlag } from '../../protocol/message/pull-sys-flag.js';
import { decodeRecords } from '../../protocol/message/stored-message-codec.js';
import { ResponseCode } from '../../protocol/response-code.js';
import { responseError } from '../../remoting/command-response.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import { queueKey } from '../message-queue.js';
import type { BrokerLocator } from '../route/broker-locator.js';
import { MASTER_ID } from '../route/topic-queues.js';
import type { PullResult } from '../types.js';

/** One pull. */
export interface PullRequest {
  readonly queue: MessageQueue;
  readonly offset: number;
  readonly maxMessages: number;
  /** How long the broker may hold the request, ms; 0: not at all. */
  readonly suspendMs: number;
  /** Time beyond that until we give up, ms. */
  readonly timeoutMs: number;
  readonly subscription: SubscriptionData;
  /** Send the subscription along; otherwise the broker uses the heartbeat's. */
  readonly withSubscription: boolean;
  /** Stored by the broker on the way; 0: nothing to store. */
  readonly commitOffset: number;
}

/** Code of every response that is the answer to a pull, not a failure. */
const STATUS_OF_CODE: ReadonlyMap<number, PullResult['status']> = new Map<number, PullResult['status']>([
  [ResponseCode.SUCCESS, 'FOUND'],
  [ResponseCode.PULL_NOT_FOUND, 'NO_NEW_MSG'],
  [ResponseCode.PULL_RETRY_IMMEDIATELY, 'NO_MATCHED_MSG'],
  [ResponseCode.PULL_OFFSET_MOVED, 'OFFSET_ILLEGAL'],
]);

/** Pulls from the broker that the last response for the queue suggested: the master, or a slave when that is better. */
export class Puller {
  readonly #remoting: RemotingClient;
  readonly #brokers: BrokerLocator;
  readonly #consumerGroup: string;
  /** Broker to pull from next, when not the master. */
  readonly #suggested = new Map<string, number>();

  constructor(remoting: RemotingClient, brokers: BrokerLocator, consumerGroup: string) {
    this.#remoting = remoting;
    this.#brokers = brokers;
    this.#consumerGroup = consumerGroup;
  }

  /**
   * One pull; messages are filtered by their very tags, since brokers compare hashes.
   * @throws RocketMqError `RESPONSE_ERROR`, `BROKER_NOT_FOUND`, `REQUEST_TIMEOUT`, errors of connections and of malformed messages
   */
  async pull(request: PullRequest): Promise<PullResult> {
    const { queue, subscription } = request;
    const key = queueKey(queue);
    const broker = await this.#brokers.reader(queue, this.#suggested.get(key) ?? MASTER_ID);
    // A slave stores no offsets.
    const commits = request.commitOffset > 0 && broker.brokerId === MASTER_ID;
    const header = {
      consumerGroup: this.#consumerGroup,
      topic: queue.topic,
      queueId: queue.queueId,
      queueOffset: request.offset,
      maxMsgNums: request.maxMessages,
      sysFlag: buildPullSysFlag({ commitOffset: commits, suspend: request.suspendMs > 0, subscription: request.withSubscription }),
      commitOffset: commits ? request.commitOffset : 0,
      suspendTimeoutMillis: request.suspendMs,
      subscription: request.withSubscription ? subscription.subString : undefined,
      subVersion: subscription.subVersion,
      expressionType: subscription.expressionType,
    };
    const response = await this.#remoting.invokeCommand(pullMessage, broker.address, header, undefined, request.suspendMs + request.timeoutMs);
    const status = STATUS_OF_CODE.get(response.code);
    if (status === undefined) throw responseError(pullMessage.name, response, broker.address);
    const { nextBeginOffset, minOffset, maxOffset, suggestWhichBrokerId } = response.header;
    if (suggestWhichBrokerId === MASTER_ID) this.#suggested.delete(key);
    else this.#suggested.set(key, suggestWhichBrokerId);
    const messages = status === 'FOUND' ? matching(decodeRecords(response.body, { brokerName: queue.brokerName }), subscription) : [];
    return { status, nextBeginOffset, minOffset, maxOffset, messages };
  }

  /** Forgets a queue that is no longer pulled. */
  forget(queue: MessageQueue): void {
    this.#suggested.delete(queueKey(queue));
  }
}

function matching(messages: MessageExt[], subscription: SubscriptionData): MessageExt[] {
  const { tagsSet } = subscription;
  if (tagsSet.length === 0 || subscription.classFilterMode) return messages;
  return messages.filter((message) => tagsSet.includes(message.properties[PROPERTY.TAGS]));
}
