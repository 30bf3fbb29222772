import { encodeConsumeTimeSpans, type QueueTimeSpan } from '../../../lib/protocol/body/consume-time-span.js';
import { queryConsumeTimeSpan } from '../../../lib/protocol/commands/admin/query-consume-time-span.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import type { Clock } from '../../../lib/runtime/clock.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';
import type { TopicTable } from '../../topics/topic-table.js';
import type { BrokerNameOption } from '../broker-name-option.js';

/** How old the messages of a topic are and how far back a group is, in time. Apache: AdminBrokerProcessor.java. */
export class QueryConsumeTimeSpanProcessor implements RequestProcessor<typeof queryConsumeTimeSpan> {
  readonly command = queryConsumeTimeSpan;

  constructor(
    private readonly options: BrokerNameOption,
    private readonly topics: TopicTable,
    private readonly offsets: ConsumerOffsetTable,
    private readonly store: MessageStore,
    private readonly clock: Clock,
  ) {}

  async handle(request: TypedRequest<typeof queryConsumeTimeSpan>): Promise<Reply<typeof queryConsumeTimeSpan>> {
    const { topic, group } = request.header;
    const config = this.topics.find(topic);
    if (config === undefined) throw new RequestRefusedError(ResponseCode.TOPIC_NOT_EXIST, `topic[${topic}] not exist`);
    const spans: QueueTimeSpan[] = [];
    for (let queueId = 0; queueId < config.writeQueueNums; queueId++) spans.push(await this.#spanOf(topic, queueId, group));
    return success(undefined, encodeConsumeTimeSpans(spans));
  }

  async #spanOf(topic: string, queueId: number, group: string): Promise<QueueTimeSpan> {
    const { store } = this;
    const maxOffset = store.maxOffset(topic, queueId);
    const offset = this.offsets.query(group, topic, queueId);
    const minTimeStamp = await store.earliestStoreTime(topic, queueId);
    return {
      messageQueue: { topic, brokerName: this.options.brokerName, queueId },
      minTimeStamp,
      maxTimeStamp: await store.storeTimeAt(topic, queueId, maxOffset - 1),
      consumeTimeStamp: offset > 0 ? await store.storeTimeAt(topic, queueId, offset - 1) : minTimeStamp,
      // Age of the next message to consume. A group without an offset has nothing to be behind with.
      delayTime: offset < 0 || offset >= maxOffset ? 0 : this.clock.now() - (await store.storeTimeAt(topic, queueId, offset)),
    };
  }
}
