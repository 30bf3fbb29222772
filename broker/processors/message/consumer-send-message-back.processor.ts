import { consumerSendMessageBack } from '../../../lib/protocol/commands/message/consumer-send-message-back.command.js';
import type { SubscriptionGroupConfig } from '../../../lib/protocol/body/subscription-group-config.js';
import type { RequestHeaderOf } from '../../../lib/protocol/define-command.js';
import type { MessageExt } from '../../../lib/protocol/message/message.js';
import { encodeProperties, PROPERTY } from '../../../lib/protocol/message/properties.js';
import { decodeRecord } from '../../../lib/protocol/message/stored-message-codec.js';
import { isWriteable } from '../../../lib/protocol/perm.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { deadLetterTopicOf, retryTopicOf } from '../../../lib/protocol/topic-names.js';
import type { Random } from '../../../lib/runtime/random.js';
import { scanProperties } from '../../delay/property-scan.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageToStore } from '../../store/message-store.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import { FAQ_HINT } from '../faq.js';
import { DEAD_LETTER_QUEUES, maxReconsumeTimesOf } from './retry-routing.js';
import { SLAVE_REFUSAL, type SendAdmissionOptions } from './send-admission.js';
import { refusalOfAppend } from './send-outcome.js';
import type { SendServices } from './send-services.js';

type Header = RequestHeaderOf<typeof consumerSendMessageBack>;

/** Delay level of the first retry. */
const FIRST_RETRY_LEVEL = 3;
const UNIT_SUBSCRIPTION_FLAG = 2;

interface Destination {
  readonly topic: string;
  readonly queueId: number;
  readonly delayLevel: number;
}

/**
 * Takes back a message a consumer failed on: it will be delivered again after a delay that grows, or goes to the dead letters.
 * Apache: AbstractSendMessageProcessor.java, consumerSendMessageBack.
 */
export class ConsumerSendMessageBackProcessor implements RequestProcessor<typeof consumerSendMessageBack> {
  readonly command = consumerSendMessageBack;

  constructor(
    private readonly services: SendServices,
    private readonly options: SendAdmissionOptions,
    private readonly groups: SubscriptionGroupTable,
    private readonly random: Random,
  ) {}

  async handle(request: TypedRequest<typeof consumerSendMessageBack>): Promise<Reply<typeof consumerSendMessageBack>> {
    const { header } = request;
    const { topics, traffic } = this.services;
    const group = this.#groupOf(header);
    if (group.retryQueueNums <= 0) return success();
    const retryTopic = retryTopicOf(header.group);
    const topicSysFlag = header.unitMode ? UNIT_SUBSCRIPTION_FLAG : 0;
    const retry = topics.createIfAbsent(retryTopic, group.retryQueueNums, { topicSysFlag, order: false });
    if (!isWriteable(retry.perm)) throw new RequestRefusedError(ResponseCode.NO_PERMISSION, `the topic[${retryTopic}] sending message is forbidden`);
    const message = await this.#messageAt(header.offset);
    const limit = maxReconsumeTimesOf(group.retryMaxTimes, header.maxReconsumeTimes, request.raw.version);
    const destination =
      message.reconsumeTimes >= limit || header.delayLevel < 0
        ? this.#deadLetters(header.group)
        : { topic: retryTopic, queueId: this.random.int(group.retryQueueNums), delayLevel: header.delayLevel || FIRST_RETRY_LEVEL + message.reconsumeTimes };
    await topics.persistedTopic(destination.topic);
    const copy = this.#copyOf(message, destination);
    try {
      const result = await this.services.intake.append(copy, scanProperties(copy.properties));
      traffic.stored(copy.topic, result.messageCount, result.storeSize);
      if (result.status === 'PUT_OK') return success();
      return { code: ResponseCode.SYSTEM_ERROR, remark: result.status };
    } catch (error) {
      throw refusalOfAppend(error, this.services.options.maxMessageSize, {});
    }
  }

  #groupOf(header: Header): SubscriptionGroupConfig {
    if (this.options.brokerRole === 'SLAVE') throw new RequestRefusedError(ResponseCode.SYSTEM_BUSY, SLAVE_REFUSAL);
    const group = this.groups.find(header.group);
    if (group === undefined) {
      throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, `subscription group not exist, ${header.group} ${FAQ_HINT}`);
    }
    if (!isWriteable(this.options.brokerPermission)) {
      throw new RequestRefusedError(ResponseCode.NO_PERMISSION, `the broker[${this.options.brokerIP1}] sending message is forbidden`);
    }
    return group;
  }

  async #messageAt(physicalOffset: number): Promise<MessageExt> {
    const record = physicalOffset < 0 ? undefined : await this.services.store.readAt(physicalOffset);
    if (record === undefined) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `look message by offset failed, ${physicalOffset}`);
    return decodeRecord(record, 0, { decompress: false });
  }

  #deadLetters(group: string): Destination {
    const topic = deadLetterTopicOf(group);
    this.services.topics.createIfAbsent(topic, DEAD_LETTER_QUEUES, { order: false });
    return { topic, queueId: 0, delayLevel: 0 };
  }

  #copyOf(message: MessageExt, { topic, queueId, delayLevel }: Destination): MessageToStore {
    const { identity } = this.services;
    const properties: Record<string, string> = {
      ...message.properties,
      [PROPERTY.WAIT]: 'false',
      [PROPERTY.DELAY]: String(delayLevel),
      [PROPERTY.RETRY_TOPIC]: message.properties[PROPERTY.RETRY_TOPIC] ?? message.topic,
      [PROPERTY.ORIGIN_MESSAGE_ID]: message.properties[PROPERTY.ORIGIN_MESSAGE_ID] ?? message.offsetMsgId,
    };
    return {
      topic,
      queueId,
      flag: message.flag,
      sysFlag: message.sysFlag,
      bornTimestamp: message.bornTimestamp,
      bornHost: message.bornHost,
      storeHost: identity.storeHost,
      reconsumeTimes: message.reconsumeTimes + 1,
      preparedTransactionOffset: 0,
      body: message.body,
      properties: encodeProperties(properties),
    };
  }
}
