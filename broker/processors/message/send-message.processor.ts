import type { Command } from '../../../lib/protocol/define-command.js';
import type { sendMessage } from '../../../lib/protocol/commands/message/send-message.command.js';
import { MULTI_TAGS_FLAG, TRANSACTION_NOT_TYPE, transactionTypeOf } from '../../../lib/protocol/message/message-sys-flag.js';
import type { TopicConfig } from '../../../lib/protocol/body/topic-config.js';
import { PROPERTY, propertyOf } from '../../../lib/protocol/message/properties.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { isRetryTopic, MAX_TOPIC_LENGTH } from '../../../lib/protocol/topic-names.js';
import { scanProperties, type PropertyScan } from '../../delay/property-scan.js';
import type { Reply, RequestContext, RequestProcessor, TypedRequest } from '../../remoting/request-processor.js';
import type { AppendResult, MessageToStore } from '../../store/message-store.js';
import { codeOfAppend, refusalOfAppend } from './send-outcome.js';
import type { SendHeader } from './send-admission.js';
import type { SendServices } from './send-services.js';

/** Response of all requests that send. */
type SendReply = Reply<typeof sendMessage>;

/**
 * Stores messages: SEND_MESSAGE (10), SEND_MESSAGE_V2 (310) and SEND_BATCH_MESSAGE (320), which differ in their header's wire names
 * only. The reply leaves when the message has the durability the store is configured for. This is the hot path: per message one object
 * for the store, one for the reply, and the store's promise. Apache: SendMessageProcessor.java.
 */
export class SendMessageProcessor<C extends Command> implements RequestProcessor<C> {
  constructor(
    readonly command: C,
    private readonly services: SendServices,
  ) {}

  handle(request: TypedRequest<C>, context: RequestContext): Promise<Reply<C>> {
    const header = request.header as unknown as SendHeader;
    const { admission, topics } = this.services;
    const config = admission.admit(header, context);
    const unsaved = topics.persistedTopic(header.topic);
    // The first message to a new topic is not acknowledged before the topic itself would survive a crash.
    const reply = unsaved === undefined ? this.#send(header, config, request, context) : unsaved.then(() => this.#send(header, config, request, context));
    return reply as unknown as Promise<Reply<C>>;
  }

  #send(header: SendHeader, config: TopicConfig, request: TypedRequest<C>, context: RequestContext): Promise<SendReply> {
    try {
      return header.batch === true ? this.#sendBatch(header, config, request, context) : this.#sendOne(header, config, request, context);
    } catch (error) {
      throw this.#refusalOf(error);
    }
  }

  #sendOne(header: SendHeader, config: TopicConfig, request: TypedRequest<C>, context: RequestContext): Promise<SendReply> {
    const { admission, bornHosts, identity, retries } = this.services;
    const deadLetters = isRetryTopic(header.topic) ? retries.deadLetterRoute(header, request.raw.version) : undefined;
    const properties = deadLetters?.properties ?? header.properties ?? '';
    const scan = scanProperties(properties);
    const newKey = scan.uniqueKey === undefined ? identity.newUniqueKey() : undefined;
    const queueId = admission.queueOf(header.queueId, config);
    const message: MessageToStore = {
      topic: deadLetters?.topic ?? header.topic,
      queueId: deadLetters?.queueId ?? queueId,
      flag: header.flag,
      sysFlag: config.topicFilterType === 'MULTI_TAG' ? header.sysFlag | MULTI_TAGS_FLAG : header.sysFlag,
      bornTimestamp: header.bornTimestamp,
      bornHost: bornHosts.of(context),
      storeHost: identity.storeHost,
      reconsumeTimes: header.reconsumeTimes ?? 0,
      preparedTransactionOffset: 0,
      body: request.body,
      properties: identity.stamp(properties, scan, newKey),
    };
    if (config.attributes?.['cleanup.policy'] === 'COMPACTION') this.#checkKeys(message);
    const appended = deadLetters === undefined ? this.#store(message, scan) : this.#storeDeadLetter(message, scan);
    return this.#reply(appended, message.topic, queueId, scan.uniqueKey ?? newKey);
  }

  /** As {@link #store}, once the dead-letter topic would survive a crash. */
  async #storeDeadLetter(message: MessageToStore, scan: PropertyScan): Promise<AppendResult> {
    await this.services.topics.persistedTopic(message.topic);
    return this.#store(message, scan);
  }

  #sendBatch(header: SendHeader, config: TopicConfig, request: TypedRequest<C>, context: RequestContext): Promise<SendReply> {
    const { admission, bornHosts, identity, store } = this.services;
    if (header.topic.length > MAX_TOPIC_LENGTH) {
      throw admission.refusal(ResponseCode.MESSAGE_ILLEGAL, `message topic length too long ${header.topic.length}`);
    }
    if (isRetryTopic(header.topic)) {
      throw admission.refusal(ResponseCode.MESSAGE_ILLEGAL, `batch request does not support retry group ${header.topic}`);
    }
    const properties = header.properties ?? '';
    const scan = scanProperties(properties);
    if (scan.delayLevel > 0 || transactionTypeOf(header.sysFlag) !== TRANSACTION_NOT_TYPE) {
      throw admission.refusal(ResponseCode.MESSAGE_ILLEGAL, 'a batch can neither be delayed nor belong to a transaction; send the messages one by one');
    }
    const queueId = admission.queueOf(header.queueId, config);
    const appended = store.appendBatch({
      topic: header.topic,
      queueId,
      flag: header.flag,
      sysFlag: config.topicFilterType === 'MULTI_TAG' ? header.sysFlag | MULTI_TAGS_FLAG : header.sysFlag,
      bornTimestamp: header.bornTimestamp,
      bornHost: bornHosts.of(context),
      storeHost: identity.storeHost,
      reconsumeTimes: header.reconsumeTimes ?? 0,
      preparedTransactionOffset: 0,
      batchBody: request.body,
      properties: identity.stamp(properties, scan, undefined),
    });
    return this.#reply(appended, header.topic, queueId, scan.uniqueKey);
  }

  #store(message: MessageToStore, scan: PropertyScan): Promise<AppendResult> {
    const { intake, halfMessages, admission, options } = this.services;
    // Old clients' retries of transactional messages still carry the mark.
    if (!scan.isPrepared || (message.reconsumeTimes > 0 && scan.delayLevel > 0)) return intake.append(message, scan);
    if (options.rejectTransactionMessage || halfMessages === undefined) {
      throw admission.refusal(ResponseCode.NO_PERMISSION, `the broker[${options.brokerIP1}] sending transaction message is forbidden`);
    }
    return halfMessages.prepare(message, scan);
  }

  #reply(appended: Promise<AppendResult>, topic: string, queueId: number, uniqueKey: string | undefined): Promise<SendReply> {
    const { identity, traffic } = this.services;
    return appended.then(
      (result) => {
        traffic.stored(topic, result.messageCount, result.storeSize);
        const offsets = result.physicalOffsets;
        return {
          code: codeOfAppend(result.status),
          header: {
            msgId: offsets === undefined ? identity.offsetMsgId(result.physicalOffset) : offsets.map((offset) => identity.offsetMsgId(offset)).join(','),
            queueId,
            queueOffset: result.queueOffset,
            transactionId: uniqueKey,
            msgRegion: identity.regionId,
            traceOn: identity.traceOn,
          },
        };
      },
      (error: unknown) => {
        throw this.#refusalOf(error);
      },
    );
  }

  #refusalOf(error: unknown): unknown {
    return refusalOfAppend(error, this.services.options.maxMessageSize, this.services.identity.sendExtFields);
  }

  #checkKeys(message: MessageToStore): void {
    if ((propertyOf(message.properties, PROPERTY.KEYS) ?? '').trim() !== '') return;
    throw this.services.admission.refusal(ResponseCode.MESSAGE_ILLEGAL, 'Required message key is missing');
  }
}
