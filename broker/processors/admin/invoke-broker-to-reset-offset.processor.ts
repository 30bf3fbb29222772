import { messageQueueKey } from '../../../lib/protocol/body/message-queue-key.js';
import { encodeResetOffsetBody } from '../../../lib/protocol/body/reset-offset-body.js';
import { invokeBrokerToResetOffset } from '../../../lib/protocol/commands/admin/invoke-broker-to-reset-offset.command.js';
import type { RequestHeaderOf } from '../../../lib/protocol/define-command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { ArrivalWaiters } from '../../long-polling/arrival-waiters.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';
import type { SubscriptionGroupTable } from '../../subscriptions/subscription-group-table.js';
import type { TopicTable } from '../../topics/topic-table.js';
import type { BrokerNameOption } from '../broker-name-option.js';

type Header = RequestHeaderOf<typeof invokeBrokerToResetOffset>;

/**
 * Sets a group's offsets back or forward, by time or by number. The consumer learns of it with its next pull and need not be online.
 * Apache: AdminBrokerProcessor.java, resetOffsetInner.
 */
export class InvokeBrokerToResetOffsetProcessor implements RequestProcessor<typeof invokeBrokerToResetOffset> {
  readonly command = invokeBrokerToResetOffset;

  constructor(
    private readonly options: BrokerNameOption,
    private readonly topics: TopicTable,
    private readonly groups: SubscriptionGroupTable,
    private readonly offsets: ConsumerOffsetTable,
    private readonly store: MessageStore,
    private readonly waiters: ArrivalWaiters,
  ) {}

  async handle(request: TypedRequest<typeof invokeBrokerToResetOffset>): Promise<Reply<typeof invokeBrokerToResetOffset>> {
    const { topic, group } = request.header;
    const config = this.topics.find(topic);
    if (config === undefined) throw new RequestRefusedError(ResponseCode.TOPIC_NOT_EXIST, `Topic ${topic} does not exist`);
    if (!this.groups.has(group)) throw new RequestRefusedError(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, `Group ${group} does not exist`);
    const targets = await this.#targets(request.header, config.readQueueNums);
    if (targets.size === 0) throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'No queues to reset.');
    const offsetTable = new Map<string, number>();
    for (const [queueId, offset] of targets) {
      if (offset >= 0) this.offsets.reset(group, topic, queueId, offset);
      // Pulls that are held would learn of it only when their time is up.
      this.waiters.release(topic, queueId);
      offsetTable.set(messageQueueKey({ topic, brokerName: this.options.brokerName, queueId }), offset);
    }
    await this.offsets.written();
    return success(undefined, encodeResetOffsetBody({ offsetTable }));
  }

  /** New offsets by queue. */
  async #targets(header: Header, queues: number): Promise<Map<number, number>> {
    const { topic, timestamp } = header;
    const queueId = header.queueId ?? -1;
    const targets = new Map<number, number>();
    if (queueId >= 0) targets.set(queueId, await this.#targetOf(header, queueId));
    else for (let id = 0; id < queues; id++) targets.set(id, await this.#offsetAt(topic, id, timestamp));
    return targets;
  }

  async #targetOf(header: Header, queueId: number): Promise<number> {
    const { topic, offset, timestamp } = header;
    if (offset === undefined || offset === -1) return this.#offsetAt(topic, queueId, timestamp);
    const min = this.store.minOffset(topic, queueId);
    const max = this.store.maxOffset(topic, queueId);
    if (offset >= min && offset <= max + 1) return offset;
    throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, `Target offset ${offset} not in consume queue range [${min}-${max}]`);
  }

  #offsetAt(topic: string, queueId: number, timestamp: number): number | Promise<number> {
    return timestamp < 0 ? this.store.maxOffset(topic, queueId) : this.store.offsetAt(topic, queueId, timestamp);
  }
}
