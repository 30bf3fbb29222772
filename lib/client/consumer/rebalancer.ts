import { decodeConsumerList } from '../../protocol/body/consumer-list.js';
import { getConsumerListByGroup } from '../../protocol/commands/client/get-consumer-list-by-group.command.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import type { Logger } from '../../runtime/logger.js';
import type { Random } from '../../runtime/random.js';
import { compareQueues, compareText } from '../message-queue.js';
import type { TopicRouteTable } from '../route/topic-route-table.js';
import type { AllocateStrategy, MessageModel } from '../types.js';
import type { QueueAssignment } from './queue-assignment.js';

/** Who shares queues, and how. */
export interface RebalanceSettings {
  readonly consumerGroup: string;
  readonly clientId: string;
  readonly messageModel: MessageModel;
  readonly strategy: AllocateStrategy;
}

/**
 * Works out which queues are ours. Every member of the group does the same sum over the same sorted lists, so that they
 * agree without talking to each other.
 */
export class Rebalancer {
  readonly #remoting: RemotingClient;
  readonly #routes: TopicRouteTable;
  readonly #assignment: QueueAssignment;
  readonly #settings: RebalanceSettings;
  readonly #random: Random;
  readonly #logger: Logger;

  constructor(remoting: RemotingClient, routes: TopicRouteTable, assignment: QueueAssignment, settings: RebalanceSettings, random: Random, logger: Logger) {
    this.#remoting = remoting;
    this.#routes = routes;
    this.#assignment = assignment;
    this.#settings = settings;
    this.#random = random;
    this.#logger = logger;
  }

  /** Takes in and gives up queues; `false` when another try is due soon. */
  async rebalance(topics: readonly string[]): Promise<boolean> {
    await this.#assignment.retainTopics(new Set(topics));
    const balanced = await Promise.all(topics.map((topic) => this.#rebalanceTopic(topic)));
    return balanced.every(Boolean);
  }

  async #rebalanceTopic(topic: string): Promise<boolean> {
    const known = this.#routes.known(topic);
    // No route yet: it is being asked for, and its arrival brings us here again.
    if (known === undefined) return true;
    const queues = [...known.subscribe].sort(compareQueues);
    if (this.#settings.messageModel === 'BROADCASTING') return this.#assignment.assign(topic, queues);
    const members = await this.#members(topic);
    // Nobody can tell who is in the group: keep what we have.
    if (members === undefined || queues.length === 0) return queues.length === 0;
    if (!members.includes(this.#settings.clientId)) return false;
    return this.#assignment.assign(topic, this.#settings.strategy.allocate(this.#settings.clientId, queues, members));
  }

  /** Sorted client ids of the group; `undefined` when no broker of the topic tells. */
  async #members(topic: string): Promise<readonly string[] | undefined> {
    const names = [...new Set((this.#routes.known(topic)?.subscribe ?? []).map((queue) => queue.brokerName))];
    const start = names.length === 0 ? 0 : this.#random.int(names.length);
    for (let i = 0; i < names.length; i++) {
      const broker = this.#routes.brokers.forReading(names[(start + i) % names.length], 0);
      if (broker === undefined) continue;
      try {
        const header = { consumerGroup: this.#settings.consumerGroup };
        const response = await this.#remoting.invokeCommand(getConsumerListByGroup, broker.address, header);
        const members = decodeConsumerList(response.expectSuccess().body).consumerIdList;
        if (members.length > 0) return [...new Set(members)].sort(compareText);
      } catch (error) {
        this.#logger.warn('a broker did not tell the members of the group', { topic, ...broker, error });
      }
    }
    return undefined;
  }
}
