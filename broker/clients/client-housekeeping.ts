import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import { CLIENT_SCAN_INTERVAL_MS } from './client-info.js';
import type { ClientMessenger } from './client-messenger.js';
import type { ConsumerTable } from './consumer-table.js';
import type { ProducerTable } from './producer-table.js';

/** Ends the registrations of clients that are silent or gone. Apache: ClientHousekeepingService.java. */
export class ClientHousekeeping {
  #timer: TimerHandle | undefined;

  constructor(
    private readonly consumers: ConsumerTable,
    private readonly producers: ProducerTable,
    private readonly messenger: ClientMessenger,
    private readonly clock: Clock,
  ) {}

  /** Begins to look for silent clients. */
  start(): void {
    this.#timer = this.clock.repeat(CLIENT_SCAN_INTERVAL_MS, () => {
      const expired = new Set([...this.consumers.removeExpired(), ...this.producers.removeExpired()]);
      for (const connectionId of expired) this.messenger.disconnect(connectionId);
    });
  }

  /** To be called when a connection is gone. */
  connectionClosed(connectionId: number): void {
    this.consumers.connectionClosed(connectionId);
    this.producers.connectionClosed(connectionId);
  }

  /** Ends looking. */
  close(): void {
    this.#timer?.cancel();
  }
}
