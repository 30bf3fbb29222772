import { queryConsumerOffset } from '../../protocol/commands/offset/query-consumer-offset.command.js';
import { updateConsumerOffset } from '../../protocol/commands/offset/update-consumer-offset.command.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import { ResponseCode } from '../../protocol/response-code.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import type { Logger } from '../../runtime/logger.js';
import type { BrokerLocator } from '../route/broker-locator.js';
import type { OffsetStore, QueueOffset } from './offset-store.js';

/** Offsets kept by the brokers: those of clustering groups. */
export class RemoteOffsetStore implements OffsetStore {
  readonly #remoting: RemotingClient;
  readonly #brokers: BrokerLocator;
  readonly #consumerGroup: string;
  readonly #logger: Logger;

  constructor(remoting: RemotingClient, brokers: BrokerLocator, consumerGroup: string, logger: Logger) {
    this.#remoting = remoting;
    this.#brokers = brokers;
    this.#consumerGroup = consumerGroup;
    this.#logger = logger;
  }

  async read(queue: MessageQueue): Promise<number | undefined> {
    const { address } = await this.#brokers.reader(queue);
    const header = { consumerGroup: this.#consumerGroup, topic: queue.topic, queueId: queue.queueId };
    const response = await this.#remoting.invokeCommand(queryConsumerOffset, address, header);
    if (response.code === ResponseCode.QUERY_NOT_FOUND) return undefined;
    return response.expectSuccess().header.offset;
  }

  async commit(offsets: readonly QueueOffset[], wait: boolean): Promise<void> {
    await Promise.all(offsets.map((entry) => this.#commitOne(entry, wait)));
  }

  async #commitOne({ queue, offset }: QueueOffset, wait: boolean): Promise<void> {
    const header = { consumerGroup: this.#consumerGroup, topic: queue.topic, queueId: queue.queueId, commitOffset: offset };
    try {
      const { address } = await this.#brokers.reader(queue);
      if (wait) (await this.#remoting.invokeCommand(updateConsumerOffset, address, header)).expectSuccess();
      else await this.#remoting.sendOnewayCommand(updateConsumerOffset, address, header);
    } catch (error) {
      this.#logger.warn('an offset could not be committed; what was consumed since the last commit may come again', { ...header, brokerName: queue.brokerName, error });
    }
  }
}
