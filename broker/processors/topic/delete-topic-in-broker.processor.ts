import { deleteTopicInBroker } from '../../../lib/protocol/commands/topic/delete-topic-in-broker.command.js';
import { ResponseCode } from '../../../lib/protocol/response-code.js';
import { popRetryTopicOf } from '../../../lib/protocol/topic-names.js';
import type { ConsumerOffsetTable } from '../../offsets/consumer-offset-table.js';
import { RequestRefusedError, success, type Reply, type RequestProcessor, type TypedRequest } from '../../remoting/request-processor.js';
import type { MessageStore } from '../../store/message-store.js';
import type { TopicTable } from '../../topics/topic-table.js';
import { refuseSystemTopic, type TopicChangeOptions } from './topic-checks.js';

/** Deletes a topic with its queues and its groups' offsets. Apache: AdminBrokerProcessor.java. */
export class DeleteTopicInBrokerProcessor implements RequestProcessor<typeof deleteTopicInBroker> {
  readonly command = deleteTopicInBroker;

  constructor(
    private readonly options: TopicChangeOptions,
    private readonly topics: TopicTable,
    private readonly offsets: ConsumerOffsetTable,
    private readonly store: MessageStore,
  ) {}

  async handle(request: TypedRequest<typeof deleteTopicInBroker>): Promise<Reply<typeof deleteTopicInBroker>> {
    const { topic } = request.header;
    if (topic.trim() === '') throw new RequestRefusedError(ResponseCode.INVALID_PARAMETER, 'The specified topic is blank.');
    refuseSystemTopic(this.topics, topic, this.options);
    for (const group of this.offsets.groupsOf(topic)) {
      for (const version of [2, 1] as const) {
        const popRetryTopic = popRetryTopicOf(topic, group, version);
        if (this.topics.has(popRetryTopic)) this.#delete(popRetryTopic);
      }
    }
    this.#delete(topic);
    await Promise.all([this.topics.persisted(), this.offsets.written()]);
    return success();
  }

  #delete(topic: string): void {
    this.topics.delete(topic);
    this.offsets.removeTopic(topic);
    this.store.deleteTopic(topic);
  }
}
