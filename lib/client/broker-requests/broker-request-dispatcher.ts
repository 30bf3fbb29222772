import { decodeHeader } from '../../protocol/define-command.js';
import type { Command, RequestHeaderOf } from '../../protocol/define-command.js';
import { checkTransactionState } from '../../protocol/commands/client/check-transaction-state.command.js';
import { consumeMessageDirectly } from '../../protocol/commands/client/consume-message-directly.command.js';
import { getConsumerRunningInfo } from '../../protocol/commands/client/get-consumer-running-info.command.js';
import { getConsumerStatusFromClient } from '../../protocol/commands/client/get-consumer-status-from-client.command.js';
import { notifyConsumerIdsChanged } from '../../protocol/commands/client/notify-consumer-ids-changed.command.js';
import { pushReplyMessageToClient } from '../../protocol/commands/client/push-reply-message-to-client.command.js';
import { resetConsumerClientOffset } from '../../protocol/commands/client/reset-consumer-client-offset.command.js';
import { encodeConsumeMessageDirectlyResult } from '../../protocol/body/consume-message-directly-result.js';
import { encodeConsumerStatusBody, decodeResetOffsetBody } from '../../protocol/body/reset-offset-body.js';
import { encodeConsumerRunningInfo } from '../../protocol/body/running-info.js';
import { decodeRecord } from '../../protocol/message/stored-message-codec.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import type { RemotingCommand } from '../../protocol/remoting-command.js';
import { ResponseCode } from '../../protocol/response-code.js';
import type { OutgoingResponse, RemotingChannel } from '../../remoting/remoting-channel.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { ConsumerMember, ProducerMember } from '../group-members.js';
import type { ReplyTable } from '../producer/reply-table.js';
import { messageQueueKey, messageQueueOfKey } from '../../protocol/body/message-queue-key.js';
import { replyMessageOf } from './reply-message.js';

/** Finds the members that requests are meant for. */
export interface MemberLookup {
  producer(group: string): ProducerMember | undefined;
  consumer(group: string): ConsumerMember | undefined;
}

/** A request being served. */
interface Incoming<C extends Command> {
  readonly header: RequestHeaderOf<C>;
  readonly body: Buffer;
  readonly channel: RemotingChannel;
}

/** `undefined`: this request is never answered. */
type Answer = OutgoingResponse | undefined;
type Service = (request: RemotingCommand, channel: RemotingChannel) => Answer | Promise<Answer>;

/** Serves what brokers ask of clients. An error becomes a SYSTEM_ERROR answer and a line in the log, never a closed connection. */
export class BrokerRequestDispatcher {
  readonly #members: MemberLookup;
  readonly #replies: ReplyTable;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #services = new Map<number, Service>();

  constructor(members: MemberLookup, replies: ReplyTable, clock: Clock, logger: Logger) {
    this.#members = members;
    this.#replies = replies;
    this.#clock = clock;
    this.#logger = logger;
    this.#serve(notifyConsumerIdsChanged, ({ header }) => this.#rebalance(header.consumerGroup));
    this.#serve(resetConsumerClientOffset, (request) => this.#resetOffsets(request));
    this.#serve(getConsumerStatusFromClient, ({ header }) => this.#status(header.group, header.topic));
    this.#serve(getConsumerRunningInfo, ({ header }) => this.#runningInfo(header.consumerGroup));
    this.#serve(consumeMessageDirectly, (request) => this.#consumeDirectly(request));
    this.#serve(pushReplyMessageToClient, (request) => this.#reply(request));
    this.#serve(checkTransactionState, (request) => this.#checkTransaction(request));
  }

  /** Serves one request. Never throws. */
  dispatch(request: RemotingCommand, channel: RemotingChannel): void {
    void this.#answer(request, channel).then((answer) => {
      if (answer !== undefined) channel.reply(request, answer);
    });
  }

  #serve<C extends Command>(command: C, handle: (request: Incoming<C>) => Answer | Promise<Answer>): void {
    this.#services.set(command.code, (request, channel) => {
      const header = decodeHeader(command.request, request.extFields) as RequestHeaderOf<C>;
      return handle({ header, body: request.body, channel });
    });
  }

  async #answer(request: RemotingCommand, channel: RemotingChannel): Promise<Answer> {
    const service = this.#services.get(request.code);
    if (service === undefined) return { code: ResponseCode.REQUEST_CODE_NOT_SUPPORTED, remark: ` request type ${request.code} not supported` };
    try {
      return await service(request, channel);
    } catch (error) {
      this.#logger.error('a request of a broker could not be served', { requestCode: request.code, remoteAddress: channel.remoteAddress, error });
      return { code: ResponseCode.SYSTEM_ERROR, remark: String(error) };
    }
  }

  #rebalance(group: string): undefined {
    this.#logger.info('the members of a group have changed', { group });
    this.#members.consumer(group)?.rebalanceSoon();
  }

  async #resetOffsets({ header, body }: Incoming<typeof resetConsumerClientOffset>): Promise<undefined> {
    const { offsetTable } = decodeResetOffsetBody(body);
    this.#logger.info('an administrator resets offsets', { group: header.group, topic: header.topic, queues: offsetTable.size });
    const offsets = [...offsetTable].map(([key, offset]) => [messageQueueOfKey(key), offset] as const);
    await this.#members.consumer(header.group)?.resetOffsets(header.topic, offsets);
  }

  #status(group: string, topic: string): Answer {
    const consumer = this.#members.consumer(group);
    const offsets = consumer?.offsetsOf(topic) ?? [];
    const messageQueueTable = new Map(offsets.map(([queue, offset]) => [messageQueueKey(queue), offset]));
    return { code: ResponseCode.SUCCESS, body: encodeConsumerStatusBody({ messageQueueTable, consumerTable: {} }) };
  }

  #runningInfo(group: string): Answer {
    const consumer = this.#members.consumer(group);
    if (consumer === undefined) return notHere(group);
    return { code: ResponseCode.SUCCESS, body: encodeConsumerRunningInfo(consumer.runningInfo()) };
  }

  async #consumeDirectly({ header, body }: Incoming<typeof consumeMessageDirectly>): Promise<Answer> {
    const consumer = this.#members.consumer(header.consumerGroup);
    if (consumer === undefined) return notHere(header.consumerGroup);
    const message = decodeRecord(body, 0, { brokerName: header.brokerName });
    return { code: ResponseCode.SUCCESS, body: encodeConsumeMessageDirectlyResult(await consumer.consumeDirectly(message)) };
  }

  #reply({ header, body }: Incoming<typeof pushReplyMessageToClient>): Answer {
    const message = replyMessageOf(header, body, this.#clock.now());
    const correlationId = message.properties[PROPERTY.CORRELATION_ID] ?? '';
    if (!this.#replies.settle(correlationId, message)) this.#logger.warn('a reply came for which no request waits', { correlationId, bornHost: header.bornHost });
    return { code: ResponseCode.SUCCESS };
  }

  #checkTransaction({ header, body, channel }: Incoming<typeof checkTransactionState>): undefined {
    const message = decodeRecord(body, 0, { brokerName: header.brokerName });
    const group = message.properties[PROPERTY.PRODUCER_GROUP];
    const producer = group === undefined ? undefined : this.#members.producer(group);
    if (producer?.checkTransaction === undefined) {
      this.#logger.warn('a broker asks for the outcome of a transaction, but no producer here knows', { group, msgId: message.msgId });
      return;
    }
    producer.checkTransaction({
      message,
      brokerAddress: channel.remoteAddress,
      tranStateTableOffset: header.tranStateTableOffset,
      commitLogOffset: header.commitLogOffset,
      transactionId: header.transactionId,
    });
  }
}

function notHere(group: string): OutgoingResponse {
  return { code: ResponseCode.SYSTEM_ERROR, remark: `The Consumer Group <${group}> not exist in this consumer` };
}
