import { decodeLockBatchResponse, encodeLockBatchRequest } from '../../protocol/body/lock-batch.js';
import { lockBatchMq } from '../../protocol/commands/client/lock-batch-mq.command.js';
import { unlockBatchMq } from '../../protocol/commands/client/unlock-batch-mq.command.js';
import type { MessageQueue } from '../../protocol/message/message.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import type { Logger } from '../../runtime/logger.js';
import { queueKey } from '../message-queue.js';
import type { BrokerLocator } from '../route/broker-locator.js';

/** How often locks are renewed, ms. Apache: RebalanceLockManager, ProcessQueue.java. */
export const LOCK_RENEWAL_MS = 20_000;
/** How long a lock is trusted after the broker granted it, ms; the broker itself lets it expire after 60 s. */
export const LOCK_TRUST_MS = 30_000;

/** Locks queues at their brokers, so that one member of the group at a time consumes them in order. */
export class QueueLocks {
  readonly #remoting: RemotingClient;
  readonly #brokers: BrokerLocator;
  readonly #owner: { readonly consumerGroup: string; readonly clientId: string };
  readonly #logger: Logger;

  constructor(remoting: RemotingClient, brokers: BrokerLocator, owner: { readonly consumerGroup: string; readonly clientId: string }, logger: Logger) {
    this.#remoting = remoting;
    this.#brokers = brokers;
    this.#owner = owner;
    this.#logger = logger;
  }

  /** Locks or renews; returns the keys of the queues held now. Those of a broker that cannot be asked are not held. */
  async lock(queues: readonly MessageQueue[]): Promise<ReadonlySet<string>> {
    const held = await Promise.all([...byBroker(queues).values()].map((group) => this.#lockAtBroker(group)));
    return new Set(held.flat());
  }

  /** Gives a queue back. A failure is logged: the lock expires by itself. */
  async unlock(queue: MessageQueue): Promise<void> {
    try {
      const address = await this.#brokers.master(queue);
      const response = await this.#remoting.invokeCommand(unlockBatchMq, address, {}, this.#body([queue]));
      response.expectSuccess();
    } catch (error) {
      this.#logger.warn('a queue could not be unlocked; its lock will expire', { ...queue, error });
    }
  }

  async #lockAtBroker(queues: readonly MessageQueue[]): Promise<string[]> {
    try {
      const address = await this.#brokers.master(queues[0]);
      const response = await this.#remoting.invokeCommand(lockBatchMq, address, {}, this.#body(queues));
      return decodeLockBatchResponse(response.expectSuccess().body).lockOKMQSet.map(queueKey);
    } catch (error) {
      this.#logger.warn('queues could not be locked', { brokerName: queues[0].brokerName, error });
      return [];
    }
  }

  #body(mqSet: readonly MessageQueue[]): Buffer {
    return encodeLockBatchRequest({ ...this.#owner, mqSet: [...mqSet], onlyThisBroker: false });
  }
}

function byBroker(queues: readonly MessageQueue[]): Map<string, MessageQueue[]> {
  const groups = new Map<string, MessageQueue[]>();
  for (const queue of queues) {
    const group = groups.get(queue.brokerName);
    if (group === undefined) groups.set(queue.brokerName, [queue]);
    else group.push(queue);
  }
  return groups;
}
