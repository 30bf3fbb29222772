import type { Logger } from '../lib/runtime/logger.js';
import type { BrokerPorts } from './broker-ports.js';
import type { BrokerOptions } from './config/broker-options.js';
import { Lifecycle, type LifecycleStage } from './lifecycle.js';

/** A broker: starts and stops its parts, and knows its addresses. */
export class Broker {
  readonly #lifecycle: Lifecycle;

  constructor(
    stages: readonly LifecycleStage[],
    private readonly ports: BrokerPorts,
    private readonly options: Pick<BrokerOptions, 'brokerName' | 'brokerIP1' | 'storePathRootDir'>,
    logger: Logger,
  ) {
    this.#lifecycle = new Lifecycle(stages, logger);
  }

  get name(): string {
    return this.options.brokerName;
  }

  /** Address clients are told, with the real port; throws when the broker is not started. */
  get address(): string {
    return `${this.options.brokerIP1}:${this.ports.main.port}`;
  }

  /** The fast port; `undefined` when there is none. */
  get fastPort(): number | undefined {
    return this.ports.fast?.port;
  }

  get storePath(): string {
    return this.options.storePathRootDir;
  }

  /** Whether it is started and not being stopped. */
  get isRunning(): boolean {
    return this.#lifecycle.isRunning;
  }

  /** @throws RocketMqError `CONFIG_INVALID`, `ADDRESS_IN_USE`, `STORE_LOCKED`, `STORE_CORRUPT` */
  start(): Promise<void> {
    return this.#lifecycle.start();
  }

  /** May be called again. */
  stop(): Promise<void> {
    return this.#lifecycle.stop();
  }
}
