import type { RemotingClient } from '../../lib/remoting/remoting-client.js';
import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { LifecycleStage } from '../lifecycle.js';
import { Announcer } from './announcer.js';
import { NameServerLink, type LinkSettings, type RegistrationAnswer } from './name-server-link.js';
import type { TopicConfigSource } from './topic-config-source.js';

/** How and where a broker registers. */
export interface RegistrationSettings {
  /** NameServers, `host:port`. */
  readonly nameServers: readonly string[];
  /** Read at the start, when the real port is known. */
  readonly link: () => LinkSettings;
  /** Time between registrations, ms. */
  readonly periodMs: number;
  /** Whether every registration carries the topics, changed or not. */
  readonly force: boolean;
}

/** Time between the first and the second registration, ms. Apache: BrokerController.java. */
const SECOND_REGISTRATION_MS = 10_000;

/** A start waits this long at most for NameServers that do not answer, ms. */
const START_WAIT_MS = 3000;

/**
 * Announces this broker to every NameServer: at the start, ten seconds later, then regularly; at once when topics change or a
 * connection breaks; and says goodbye at the stop.
 */
export class BrokerRegistration implements LifecycleStage {
  readonly name = 'registration with NameServers';
  readonly #masterListeners = new Set<(answer: RegistrationAnswer) => void>();
  #announcers = new Map<string, Announcer>();
  #client: RemotingClient | undefined;
  #timers: TimerHandle[] = [];
  #unsubscribe: (() => void) | undefined;

  constructor(
    private readonly settings: RegistrationSettings,
    private readonly topics: TopicConfigSource,
    private readonly createClient: (onDisconnected: (address: string) => void) => RemotingClient,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Registers; resolves when every NameServer has answered or failed, or after three seconds. Unreachable ones do not fail the start. */
  async start(): Promise<void> {
    const { nameServers, periodMs } = this.settings;
    if (nameServers.length === 0) return;
    const client = this.createClient((address) => this.#announcers.get(address)?.connectionLost());
    this.#client = client;
    const link = this.settings.link();
    this.#announcers = new Map(nameServers.map((address) => [address, this.#createAnnouncer(new NameServerLink(address, client, link))]));
    this.#unsubscribe = this.topics.onChanged(({ changed, deleted }) => {
      if (changed.length > 0) this.#each((announcer) => announcer.announceChanges(changed));
      else if (deleted.length === 0) this.#each((announcer) => announcer.announceEverything());
    });
    const first = Promise.all([...this.#announcers.values()].map((announcer) => announcer.announceEverything()));
    const patience = new AbortController();
    await Promise.race([first, this.clock.sleep(START_WAIT_MS, patience.signal)]);
    patience.abort();
    this.#timers = [
      this.clock.schedule(SECOND_REGISTRATION_MS, () => {
        this.renew();
        this.#timers.push(this.clock.repeat(periodMs, () => this.renew()));
      }),
    ];
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
    for (const timer of this.#timers) timer.cancel();
    await Promise.all([...this.#announcers.values()].map((announcer) => announcer.close()));
    await this.#client?.close();
  }

  /** Registers again now. */
  renew(): void {
    this.#each((announcer) => (this.settings.force ? announcer.announceEverything() : announcer.check()));
  }

  /** NameServers that know this broker at the moment. */
  registeredWith(): string[] {
    return [...this.#announcers].filter(([, announcer]) => announcer.isRegistered).map(([address]) => address);
  }

  /** Calls `listener` with every answer that names a master (answers to slaves do); returns the function that ends it. */
  onMaster(listener: (answer: RegistrationAnswer) => void): () => void {
    this.#masterListeners.add(listener);
    return () => this.#masterListeners.delete(listener);
  }

  #createAnnouncer(link: NameServerLink): Announcer {
    const { clock, logger } = this;
    return new Announcer(link, {
      topics: () => this.topics.wrapper(),
      onAnswer: (answer) => this.#answered(answer),
      longestRetryMs: this.settings.periodMs,
      clock,
      logger,
    });
  }

  #answered(answer: RegistrationAnswer): void {
    if (answer.orderTopics.length > 0) this.topics.markOrdered(answer.orderTopics);
    if (answer.masterAddr !== undefined) for (const listener of this.#masterListeners) listener(answer);
  }

  #each(action: (announcer: Announcer) => Promise<void>): void {
    for (const announcer of this.#announcers.values()) void action(announcer);
  }
}
