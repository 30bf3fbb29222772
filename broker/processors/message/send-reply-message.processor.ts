import type { Command } from '../../../lib/protocol/define-command.js';
import { pushReplyMessageToClient } from '../../../lib/protocol/commands/client/push-reply-message-to-client.command.js';
import type { sendMessage } from '../../../lib/protocol/commands/message/send-message.command.js';
import { encodeHeader } from '../../../lib/protocol/define-command.js';
import type { HostAddress } from '../../../lib/protocol/message/message.js';
import { PROPERTY, propertyOf, withProperty } from '../../../lib/protocol/message/properties.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import type { Logger } from '../../../lib/runtime/logger.js';
import type { ClientMessenger } from '../../clients/client-messenger.js';
import type { ProducerTable } from '../../clients/producer-table.js';
import { scanProperties } from '../../delay/property-scan.js';
import type { Reply, RequestContext, RequestProcessor, TypedRequest } from '../../remoting/request-processor.js';
import type { SendHeader } from './send-admission.js';
import type { SendServices } from './send-services.js';

/** Options of request-reply, under their names in `broker.conf`. */
export interface ReplyOptions {
  /** Whether replies are stored as well as pushed. */
  readonly storeReplyMessageEnable: boolean;
}

type SendReply = Reply<typeof sendMessage>;
type ReplyHeader = NonNullable<SendReply['header']>;

/**
 * Hands the answer of a request-reply exchange to the client that waits for it, SEND_REPLY_MESSAGE (324) and its short-key form (325).
 * Apache: ReplyMessageProcessor.java.
 */
export class SendReplyMessageProcessor<C extends Command> implements RequestProcessor<C> {
  constructor(
    readonly command: C,
    private readonly services: SendServices,
    private readonly options: ReplyOptions,
    private readonly producers: ProducerTable,
    private readonly messenger: ClientMessenger,
    private readonly tools: { readonly clock: Clock; readonly logger: Logger },
  ) {}

  async handle(request: TypedRequest<C>, context: RequestContext): Promise<Reply<C>> {
    const header = request.header as unknown as SendHeader;
    const { admission, identity } = this.services;
    const config = admission.admit(header, context);
    const queueId = admission.queueOf(header.queueId, config);
    const bornHost = this.services.bornHosts.of(context);
    const problem = await this.#push(header, request.body, bornHost);
    const stored = this.options.storeReplyMessageEnable ? await this.#store(header, request.body, queueId, bornHost) : undefined;
    const reply: SendReply = {
      code: problem === undefined ? ResponseCode.SUCCESS : ResponseCode.SYSTEM_ERROR,
      remark: problem,
      header: stored ?? (problem === undefined ? { msgId: '0', queueId, queueOffset: 0 } : undefined),
      extFields: identity.sendExtFields,
    };
    return reply as unknown as Reply<C>;
  }

  /** Pushes the reply; returns what went wrong, `undefined` when the client took it. */
  async #push(header: SendHeader, body: Buffer, bornHost: HostAddress): Promise<string | undefined> {
    const properties = header.properties ?? '';
    const clientId = propertyOf(properties, PROPERTY.REPLY_TO_CLIENT);
    if (clientId === undefined) return `reply message properties[${PROPERTY.REPLY_TO_CLIENT}] is null`;
    const connectionId = this.producers.connectionOf(clientId);
    const notFound = `push reply message fail, channel of <${clientId}> not found.`;
    if (connectionId === undefined) return notFound;
    const now = this.tools.clock.now();
    const extFields = encodeHeader(pushReplyMessageToClient.request, {
      producerGroup: header.producerGroup,
      topic: header.topic,
      defaultTopic: header.defaultTopic,
      defaultTopicQueueNums: header.defaultTopicQueueNums,
      queueId: header.queueId,
      sysFlag: header.sysFlag,
      bornTimestamp: header.bornTimestamp,
      flag: header.flag,
      properties: withProperty(properties, PROPERTY.PUSH_REPLY_TIME, String(now)),
      reconsumeTimes: header.reconsumeTimes,
      unitMode: header.unitMode ?? false,
      bornHost: textOf(bornHost),
      storeHost: textOf(this.services.identity.storeHost),
      storeTimestamp: now,
    });
    try {
      const answer = await this.messenger.call(connectionId, { code: pushReplyMessageToClient.code, extFields, body });
      if (answer === undefined) return notFound;
      if (answer.code === ResponseCode.SUCCESS) return undefined;
      this.tools.logger.warn('a client refused the reply to its request', { clientId, code: answer.code, remark: answer.remark });
    } catch (error) {
      this.tools.logger.warn('a client did not take the reply to its request', { clientId, error });
    }
    return `push reply message to ${clientId}fail.`;
  }

  /** Keeps the reply in its topic. That it was not stored does not matter to the client that has it. */
  async #store(header: SendHeader, body: Buffer, queueId: number, bornHost: HostAddress): Promise<ReplyHeader | undefined> {
    const { identity, intake, traffic } = this.services;
    const properties = header.properties ?? '';
    const scan = scanProperties(properties);
    try {
      const result = await intake.append(
        {
          topic: header.topic,
          queueId,
          flag: header.flag,
          sysFlag: header.sysFlag,
          bornTimestamp: header.bornTimestamp,
          bornHost,
          storeHost: identity.storeHost,
          reconsumeTimes: header.reconsumeTimes ?? 0,
          preparedTransactionOffset: 0,
          body,
          properties: identity.stamp(properties, scan, undefined),
        },
        scan,
      );
      traffic.stored(header.topic, result.messageCount, result.storeSize);
      return { msgId: identity.offsetMsgId(result.physicalOffset), queueId, queueOffset: result.queueOffset };
    } catch (error) {
      this.tools.logger.warn('a reply was pushed but could not be stored', { topic: header.topic, error });
      return undefined;
    }
  }
}

function textOf(host: HostAddress): string {
  return `${host.ip}:${host.port}`;
}
