import type { TopicConfig } from '../../../lib/protocol/body/topic-config.js';
import { isWriteable, permText } from '../../../lib/protocol/perm.js';
import type { ExtFields } from '../../../lib/protocol/remoting-command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { isNotAllowedSendTopic, isRetryTopic, validateTopicName } from '../../../lib/protocol/topic-names.js';
import type { Random } from '../../../lib/runtime/random.js';
import { RequestRefusedError, type RequestContext } from '../../remoting/request-processor.js';
import type { TopicTable } from '../../topics/topic-table.js';
import { FAQ_HINT } from '../faq.js';

/** Header of the requests that send a message. */
export interface SendHeader {
  readonly producerGroup: string;
  readonly topic: string;
  readonly defaultTopic: string;
  readonly defaultTopicQueueNums: number;
  readonly queueId: number;
  readonly sysFlag: number;
  readonly bornTimestamp: number;
  readonly flag: number;
  readonly properties?: string;
  readonly reconsumeTimes?: number;
  readonly unitMode?: boolean;
  readonly batch?: boolean;
  readonly maxReconsumeTimes?: number;
}

/** Options of the send checks, under their names in `broker.conf`. `brokerPermission` may change while the broker runs. */
export interface SendAdmissionOptions {
  readonly brokerPermission: number;
  readonly brokerIP1: string;
  readonly brokerRole: 'ASYNC_MASTER' | 'SYNC_MASTER' | 'SLAVE';
}

/** What a slave answers to requests that are for masters. */
export const SLAVE_REFUSAL = '[REJECTREQUEST]system busy, start flow control for a while';

/** Bits of a topic's sysFlag. Apache: TopicSysFlag.java. */
const UNIT_FLAG = 1;
const UNIT_SUBSCRIPTION_FLAG = 2;

/** Decides whether a message may be sent to its topic, and creates topics with their first message. Apache: AbstractSendMessageProcessor.java. */
export class SendAdmission {
  constructor(
    private readonly options: SendAdmissionOptions,
    private readonly topics: TopicTable,
    private readonly random: Random,
    /** Fields of refusals, see `BrokerIdentity.sendExtFields`. */
    private readonly extFields: ExtFields,
  ) {}

  /** The topic a request may send to. @throws RequestRefusedError */
  admit(header: SendHeader, context: RequestContext): TopicConfig {
    const { topic } = header;
    if (this.options.brokerRole === 'SLAVE') throw this.refusal(ResponseCode.SYSTEM_BUSY, SLAVE_REFUSAL);
    if (!isWriteable(this.options.brokerPermission) && this.topics.isOrdered(topic)) {
      throw this.refusal(ResponseCode.NO_PERMISSION, `the broker[${this.options.brokerIP1}] sending message is forbidden`);
    }
    const known = this.topics.find(topic);
    if (known === undefined) this.#checkName(topic);
    if (isNotAllowedSendTopic(topic)) {
      throw this.refusal(ResponseCode.NO_PERMISSION, `Sending message to topic[${topic}] is forbidden.`);
    }
    const config = known ?? this.#create(header);
    if (header.queueId >= config.writeQueueNums && header.queueId >= config.readQueueNums) throw this.#badQueue(header.queueId, config, context);
    return config;
  }

  /** The queue a message goes to; a negative one leaves the choice to the broker. */
  queueOf(queueId: number, config: TopicConfig): number {
    return queueId < 0 ? this.random.int(Math.max(1, config.writeQueueNums)) : queueId;
  }

  /** A refusal with the fields every reply to a producer has. */
  refusal(code: number, remark: string): RequestRefusedError {
    return new RequestRefusedError(code, remark, this.extFields);
  }

  #checkName(topic: string): void {
    const problem = validateTopicName(topic);
    if (problem !== undefined) throw this.refusal(ResponseCode.INVALID_PARAMETER, problem);
  }

  #create(header: SendHeader): TopicConfig {
    const retry = isRetryTopic(header.topic);
    const topicSysFlag = header.unitMode === true ? (retry ? UNIT_SUBSCRIPTION_FLAG : UNIT_FLAG) : 0;
    const created = this.topics.createForSend(header.topic, header.defaultTopic, header.defaultTopicQueueNums, topicSysFlag);
    if (created !== undefined) return created;
    if (retry) return this.topics.createIfAbsent(header.topic, 1, { topicSysFlag, order: false });
    throw this.refusal(ResponseCode.TOPIC_NOT_EXIST, `topic[${header.topic}] not exist, apply first please!${FAQ_HINT}`);
  }

  #badQueue(queueId: number, config: TopicConfig, context: RequestContext): RequestRefusedError {
    const { topicName, readQueueNums, writeQueueNums, perm } = config;
    const topic = `[topicName=${topicName}, readQueueNums=${readQueueNums}, writeQueueNums=${writeQueueNums}, perm=${permText(perm)}]`;
    const remark = `request queueId[${queueId}] is illegal, TopicConfig ${topic} Producer: ${context.remoteAddress}`;
    return this.refusal(ResponseCode.INVALID_PARAMETER, remark);
  }
}
