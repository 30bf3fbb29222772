import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import type { BrokerAddress } from './broker-addresses.js';
import { MASTER_ID } from './topic-queues.js';
import type { TopicRouteTable } from './topic-route-table.js';

/** Finds the broker of a queue, asking for a fresh route when the known ones do not tell. */
export class BrokerLocator {
  readonly #routes: TopicRouteTable;

  constructor(routes: TopicRouteTable) {
    this.#routes = routes;
  }

  /**
   * The master of a queue's brokers.
   * @throws RocketMqError `BROKER_NOT_FOUND`, `NO_NAME_SERVER`
   */
  async master(queue: MessageQueue): Promise<string> {
    const known = this.#routes.brokers.master(queue.brokerName);
    if (known !== undefined) return known;
    await this.#routes.refresh(queue.topic);
    const found = this.#routes.brokers.master(queue.brokerName);
    if (found === undefined) throw brokerNotFound(queue.brokerName);
    return found;
  }

  /**
   * A broker that holds the queue: the one with that id, else any of the same name.
   * @throws RocketMqError `BROKER_NOT_FOUND`, `NO_NAME_SERVER`
   */
  async reader(queue: MessageQueue, brokerId: number = MASTER_ID): Promise<BrokerAddress> {
    const known = this.#routes.brokers.forReading(queue.brokerName, brokerId);
    if (known !== undefined) return known;
    await this.#routes.refresh(queue.topic);
    const found = this.#routes.brokers.forReading(queue.brokerName, brokerId);
    if (found === undefined) throw brokerNotFound(queue.brokerName);
    return found;
  }
}

function brokerNotFound(brokerName: string): RocketMqError {
  return new RocketMqError('BROKER_NOT_FOUND', `no route names an address of the broker "${brokerName}"; is it running and registered?`, {
    retryable: true,
    details: { brokerName },
  });
}
