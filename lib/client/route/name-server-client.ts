import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { Command, RequestHeaderOf } from '../../protocol/define-command.js';
import { decodeTopicRouteData } from '../../protocol/body/topic-route-data.js';
import type { TopicRouteData } from '../../protocol/body/topic-route-data.js';
import { getRouteInfoByTopic } from '../../protocol/commands/name-server/get-route-info-by-topic.command.js';
import { ResponseCode } from '../../protocol/response-code.js';
import type { CommandResponse } from '../../remoting/command-response.js';
import { responseError } from '../../remoting/command-response.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import type { Random } from '../../runtime/random.js';

/**
 * Asks NameServers: starts at a random one, stays with it while it answers, and goes on to the next when it does not.
 * NameServers know nothing of each other, so any one that answers will do.
 */
export class NameServerClient {
  readonly #remoting: RemotingClient;
  readonly #addresses: readonly string[];
  readonly #timeoutMs: number;
  #current: number;

  constructor(remoting: RemotingClient, addresses: readonly string[], random: Random, timeoutMs: number) {
    this.#remoting = remoting;
    this.#addresses = addresses;
    this.#timeoutMs = timeoutMs;
    this.#current = random.int(addresses.length);
  }

  /** Configured addresses. */
  get addresses(): readonly string[] {
    return this.#addresses;
  }

  /**
   * Where a topic's queues are; `undefined` when no broker has the topic.
   * @throws RocketMqError `NO_NAME_SERVER`, `RESPONSE_ERROR`, `PROTOCOL_MALFORMED_BODY`
   */
  async routeOf(topic: string): Promise<TopicRouteData | undefined> {
    const response = await this.invoke(getRouteInfoByTopic, { topic, acceptStandardJsonOnly: true });
    if (response.code === ResponseCode.TOPIC_NOT_EXIST) return undefined;
    return decodeTopicRouteData(response.expectSuccess().body);
  }

  /**
   * Sends a request to the first NameServer that answers, whatever its answer.
   * @throws RocketMqError `NO_NAME_SERVER` with the last failure as cause
   */
  async invoke<C extends Command>(command: C, header: RequestHeaderOf<C>, body?: Uint8Array): Promise<CommandResponse<C>> {
    const first = this.#current;
    let cause: unknown;
    for (let i = 0; i < this.#addresses.length; i++) {
      const index = (first + i) % this.#addresses.length;
      const address = this.#addresses[index];
      try {
        const response = await this.#remoting.invokeCommand(command, address, header, body, this.#timeoutMs);
        // Out of order, but alive: another one may do better.
        if (response.code === ResponseCode.SYSTEM_BUSY && i + 1 < this.#addresses.length) {
          cause = responseError(command.name, response, address);
          continue;
        }
        this.#current = index;
        return response;
      } catch (error) {
        if (error instanceof RocketMqError && error.code === 'CLIENT_CLOSED') throw error;
        cause = error;
      }
    }
    throw new RocketMqError('NO_NAME_SERVER', `no NameServer of ${this.#addresses.join(', ')} answered; check the addresses and that one is running`, {
      retryable: true,
      details: { nameServers: this.#addresses },
      cause,
    });
  }
}
