import { consumerSendMessageBack } from '../../protocol/commands/message/consumer-send-message-back.command.js';
import type { MessageExt } from '../../protocol/message/message.js';
import { PROPERTY, encodeProperties } from '../../protocol/message/properties.js';
import { retryTopicOf } from '../../protocol/topic-names.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import type { Logger } from '../../runtime/logger.js';
import type { OutgoingMessage } from '../producer/outgoing-message.js';
import type { SendPipeline } from '../producer/send-pipeline.js';
import type { BrokerLocator } from '../route/broker-locator.js';

/** Delay level of the first redelivery when none is asked for. */
const FIRST_DELAY_LEVEL = 3;
/** Time for the fallback, ms. */
const SEND_TIMEOUT_MS = 3_000;

/** Whose messages go back. */
export interface SendBackIdentity {
  readonly consumerGroup: string;
  /** Deliveries after the first before the message is dead-lettered. */
  readonly maxReconsumeTimes: number;
}

/** Has failed messages delivered again later, through the group's retry topic. */
export class SendBack {
  readonly #remoting: RemotingClient;
  readonly #brokers: BrokerLocator;
  readonly #pipeline: SendPipeline;
  readonly #identity: SendBackIdentity;
  readonly #logger: Logger;

  constructor(remoting: RemotingClient, brokers: BrokerLocator, pipeline: SendPipeline, identity: SendBackIdentity, logger: Logger) {
    this.#remoting = remoting;
    this.#brokers = brokers;
    this.#pipeline = pipeline;
    this.#identity = identity;
    this.#logger = logger;
  }

  /**
   * Asks the broker that holds the message; when that fails, sends a copy to the retry topic itself, on any broker.
   * @param delayLevel 0: growing with the number of deliveries; -1: dead letter; else that level
   * @returns whether one of the two worked; if not, the message is still ours
   */
  async sendBack(message: MessageExt, delayLevel: number): Promise<boolean> {
    const { consumerGroup, maxReconsumeTimes } = this.#identity;
    try {
      const address = await this.#brokers.master(message);
      const response = await this.#remoting.invokeCommand(consumerSendMessageBack, address, {
        offset: message.commitLogOffset,
        group: consumerGroup,
        delayLevel,
        originMsgId: message.msgId,
        originTopic: message.topic,
        unitMode: false,
        maxReconsumeTimes,
      });
      response.expectSuccess();
      return true;
    } catch (error) {
      this.#logger.warn('a message could not be sent back to its broker; sending a copy to the retry topic', { msgId: message.msgId, topic: message.topic, error });
      return this.sendCopy(message);
    }
  }

  /** Sends a copy to the retry topic: to be delivered again, or dead-lettered by the broker when it came too often. */
  async sendCopy(message: MessageExt): Promise<boolean> {
    try {
      await this.#pipeline.send(this.#copyOf(message), SEND_TIMEOUT_MS);
      return true;
    } catch (error) {
      this.#logger.error('a message could not be put on the retry topic either; it stays here and is delivered again', { msgId: message.msgId, topic: message.topic, error });
      return false;
    }
  }

  #copyOf(message: MessageExt): OutgoingMessage {
    const { consumerGroup, maxReconsumeTimes } = this.#identity;
    const properties: Record<string, string> = { ...message.properties };
    delete properties[PROPERTY.TRANSACTION_PREPARED];
    properties[PROPERTY.RETRY_TOPIC] = message.topic;
    properties[PROPERTY.ORIGIN_MESSAGE_ID] ??= message.msgId;
    properties[PROPERTY.DELAY] = String(FIRST_DELAY_LEVEL + message.reconsumeTimes);
    return {
      topic: retryTopicOf(consumerGroup),
      flag: message.flag,
      sysFlag: 0,
      body: message.body,
      properties: encodeProperties(properties),
      uniqueKey: message.msgId,
      batch: false,
      kind: 'message',
      reconsumeTimes: message.reconsumeTimes + 1,
      maxReconsumeTimes,
    };
  }
}
