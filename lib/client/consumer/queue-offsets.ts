import { getMaxOffset } from '../../protocol/commands/offset/get-max-offset.command.js';
import { getMinOffset } from '../../protocol/commands/offset/get-min-offset.command.js';
import { searchOffsetByTimestamp } from '../../protocol/commands/offset/search-offset-by-timestamp.command.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import type { BrokerLocator } from '../route/broker-locator.js';

/** Asks brokers for the offsets of a queue. Every method throws `BROKER_NOT_FOUND`, `RESPONSE_ERROR` or an error of the network. */
export class QueueOffsets {
  readonly #remoting: RemotingClient;
  readonly #brokers: BrokerLocator;

  constructor(remoting: RemotingClient, brokers: BrokerLocator) {
    this.#remoting = remoting;
    this.#brokers = brokers;
  }

  /** First offset that can be read. */
  async min(queue: MessageQueue): Promise<number> {
    const { address } = await this.#brokers.reader(queue);
    const response = await this.#remoting.invokeCommand(getMinOffset, address, { topic: queue.topic, queueId: queue.queueId });
    return response.expectSuccess().header.offset;
  }

  /** Offset the next message will get. */
  async max(queue: MessageQueue): Promise<number> {
    const { address } = await this.#brokers.reader(queue);
    const response = await this.#remoting.invokeCommand(getMaxOffset, address, { topic: queue.topic, queueId: queue.queueId, committed: true });
    return response.expectSuccess().header.offset;
  }

  /** Offset of the first message stored at or after a time, ms since the epoch. */
  async at(queue: MessageQueue, timestamp: number): Promise<number> {
    const { address } = await this.#brokers.reader(queue);
    const response = await this.#remoting.invokeCommand(searchOffsetByTimestamp, address, { topic: queue.topic, queueId: queue.queueId, timestamp });
    return response.expectSuccess().header.offset;
  }
}
