import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { LifecycleStage } from '../lifecycle.js';
import type { RouteTables } from './route-tables.js';

/** Looks regularly for brokers that went silent, and closes their connections. */
export class BrokerLiveness implements LifecycleStage {
  readonly name = 'broker liveness scan';
  #timer: TimerHandle | undefined;

  constructor(
    private readonly routes: RouteTables,
    private readonly closeConnection: (connectionId: number) => void,
    private readonly periodMs: number,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.#timer = this.clock.repeat(this.periodMs, () => this.scan());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** One look. */
  scan(): void {
    for (const broker of this.routes.expireSilent()) this.closeConnection(broker.connectionId);
  }
}
