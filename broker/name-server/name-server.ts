import type { LifecycleStage } from '../lifecycle.js';
import { Lifecycle } from '../lifecycle.js';
import type { ServerPort } from '../remoting/server-port.js';
import type { Logger } from '../../lib/runtime/logger.js';

/** A NameServer: starts and stops its parts, and knows its address. */
export class NameServer {
  readonly #lifecycle: Lifecycle;

  constructor(
    stages: readonly LifecycleStage[],
    private readonly port: ServerPort,
    /** Host by which this machine reaches it. */
    private readonly host: string,
    logger: Logger,
  ) {
    this.#lifecycle = new Lifecycle(stages, logger);
  }

  /** `host:port`, with the real port; throws when it is not started. */
  get address(): string {
    return `${this.host}:${this.port.port}`;
  }

  /** @throws RocketMqError `ADDRESS_IN_USE`, `CONFIG_INVALID` */
  start(): Promise<void> {
    return this.#lifecycle.start();
  }

  /** May be called again. */
  stop(): Promise<void> {
    return this.#lifecycle.stop();
  }
}
