import { encodeHeartbeatData } from '../../protocol/body/heartbeat-data.js';
import type { HeartbeatData } from '../../protocol/body/heartbeat-data.js';
import { heartBeat } from '../../protocol/commands/client/heart-beat.command.js';
import { ResponseCode } from '../../protocol/response-code.js';
import { responseError } from '../../remoting/command-response.js';
import type { RemotingClient } from '../../remoting/remoting-client.js';
import type { Clock, TimerHandle } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { BrokerAddress, BrokerAddresses } from './broker-addresses.js';
import { MASTER_ID } from './topic-queues.js';

/**
 * Tells every broker who is here: groups, and for consumers their subscriptions. Without it a broker refuses pulls,
 * and knows nobody to notify of a change in the group. Masters always; slaves while there are consumers.
 */
export class HeartbeatSender {
  readonly #remoting: RemotingClient;
  readonly #brokers: BrokerAddresses;
  readonly #content: () => HeartbeatData;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #periodMs: number;
  #timer: TimerHandle | undefined;

  constructor(
    remoting: RemotingClient,
    brokers: BrokerAddresses,
    content: () => HeartbeatData,
    time: { readonly clock: Clock; readonly periodMs: number },
    logger: Logger,
  ) {
    this.#remoting = remoting;
    this.#brokers = brokers;
    this.#content = content;
    this.#clock = time.clock;
    this.#periodMs = time.periodMs;
    this.#logger = logger;
  }

  start(): void {
    this.#timer ??= this.#clock.repeat(this.#periodMs, () => void this.beatAll());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Sends a heartbeat to every broker that should have one; resolves when all have answered or failed. Failures are logged. */
  async beatAll(): Promise<void> {
    const data = this.#content();
    if (isEmpty(data)) return;
    const body = encodeHeartbeatData(data);
    await Promise.all(this.#brokers.all().filter((broker) => wants(broker, data)).map((broker) => this.#beat(broker, body)));
  }

  /** Sends a heartbeat to one broker, e.g. on a new connection: what it knew of us went with the old one. */
  async beat(broker: BrokerAddress): Promise<void> {
    const data = this.#content();
    if (!isEmpty(data) && wants(broker, data)) await this.#beat(broker, encodeHeartbeatData(data));
  }

  async #beat(broker: BrokerAddress, body: Buffer): Promise<void> {
    try {
      // Not `invokeCommand`, which opens another connection after GO_AWAY: that one would wait for its own heartbeat, and so on.
      const response = await this.#remoting.invoke(broker.address, { code: heartBeat.code, body });
      if (response.code !== ResponseCode.SUCCESS) throw responseError(heartBeat.name, response, broker.address);
    } catch (error) {
      this.#logger.warn('a broker did not take our heartbeat', { ...broker, error });
    }
  }
}

function isEmpty(data: HeartbeatData): boolean {
  return data.producerDataSet.length === 0 && data.consumerDataSet.length === 0;
}

function wants(broker: BrokerAddress, data: HeartbeatData): boolean {
  return broker.brokerId === MASTER_ID || data.consumerDataSet.length > 0;
}
