import type { TopicConfig } from '../../lib/protocol/body/topic-config.js';
import type { TopicConfigWrapper } from '../../lib/protocol/body/topic-config-wrapper.js';
import type { Clock, TimerHandle } from '../../lib/runtime/clock.js';
import type { Logger } from '../../lib/runtime/logger.js';
import type { NameServerLink, RegistrationAnswer } from './name-server-link.js';

/** What is to be told next; the later ones include the earlier. */
type Task = 'nothing' | 'changes' | 'check' | 'everything';

const URGENCY: Record<Task, number> = { nothing: 0, changes: 1, check: 2, everything: 3 };

/** First wait after a failure, ms; doubles up to the registration period. */
const FIRST_RETRY_MS = 1000;

/** What an announcer works with. */
export interface AnnouncerParts {
  readonly topics: () => TopicConfigWrapper;
  readonly onAnswer: (answer: RegistrationAnswer) => void;
  /** Longest wait between tries, ms. */
  readonly longestRetryMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps one NameServer informed: one call at a time, what comes up meanwhile goes with the next call, failures are retried with
 * growing waits. NameServers are told independently, so an unreachable one holds up nobody.
 */
export class Announcer {
  #task: Task = 'nothing';
  readonly #changes = new Map<string, TopicConfig>();
  #running: Promise<void> | undefined;
  #retry: TimerHandle | undefined;
  #failures = 0;
  #isRegistered = false;
  #isClosed = false;

  constructor(
    private readonly link: NameServerLink,
    private readonly parts: AnnouncerParts,
  ) {}

  /** Whether the last call succeeded and the connection has held since. */
  get isRegistered(): boolean {
    return this.#isRegistered;
  }

  /** Announces everything. Resolves when it was tried, successfully or not. */
  announceEverything(): Promise<void> {
    return this.#request('everything');
  }

  /** Asks whether the NameServer is up to date, and announces everything if not. */
  check(): Promise<void> {
    return this.#request(this.#isRegistered ? 'check' : 'everything');
  }

  /** Announces changed topics at once; everything when the NameServer does not know us yet. */
  announceChanges(changed: readonly TopicConfig[]): Promise<void> {
    for (const config of changed) this.#changes.set(config.topicName, config);
    return this.#request(this.#isRegistered ? 'changes' : 'everything');
  }

  /** The connection broke: the NameServer has dropped us, so everything has to be told anew. */
  connectionLost(): void {
    if (this.#isClosed || !this.#isRegistered) return;
    this.#isRegistered = false;
    this.#retryLater();
  }

  /** Says goodbye, if there is somebody who knows us. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#retry?.cancel();
    await this.#running;
    if (!this.#isRegistered) return;
    try {
      await this.link.unregister();
    } catch (error) {
      this.parts.logger.warn('could not unregister; the NameServer drops this broker when the connection closes', { nameServer: this.link.address, error });
    }
  }

  #request(task: Task): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    if (URGENCY[task] > URGENCY[this.#task]) this.#task = task;
    return (this.#running ??= this.#work().finally(() => (this.#running = undefined)));
  }

  async #work(): Promise<void> {
    while (this.#task !== 'nothing' && !this.#isClosed) {
      const task = this.#task;
      this.#task = 'nothing';
      try {
        await this.#perform(task);
        this.#succeeded();
      } catch (error) {
        this.#failed(error);
        return;
      }
    }
  }

  async #perform(task: Task): Promise<void> {
    const topics = this.parts.topics();
    const isPartial = task === 'changes' && this.#changes.size > 0;
    const topicConfigTable = isPartial ? Object.fromEntries(this.#changes) : topics.topicConfigTable;
    this.#changes.clear();
    if (task === 'check' && !(await this.link.isOutdated(topics))) return;
    this.parts.onAnswer(await this.link.register({ topicConfigTable, dataVersion: topics.dataVersion }));
  }

  #succeeded(): void {
    this.#retry?.cancel();
    if (!this.#isRegistered) this.parts.logger.info('registered', { nameServer: this.link.address });
    this.#isRegistered = true;
    this.#failures = 0;
  }

  #failed(error: unknown): void {
    this.#isRegistered = false;
    this.#task = 'nothing';
    this.#failures += 1;
    // The first failure and every tenth one: an absent NameServer is news, its absence going on is not.
    if (this.#failures % 10 === 1) {
      this.parts.logger.warn('a NameServer could not be told of this broker; trying again', { nameServer: this.link.address, failures: this.#failures, error });
    }
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#retry?.cancel();
    const wait = Math.min(this.parts.longestRetryMs, FIRST_RETRY_MS * 2 ** Math.min(Math.max(this.#failures - 1, 0), 10));
    this.#retry = this.parts.clock.schedule(wait, () => void this.announceEverything());
  }
}
