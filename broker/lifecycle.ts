import type { Logger } from '../lib/runtime/logger.js';

/** One thing that has to be started, and stopped in the reverse order: a store, a server, a timer. */
export interface LifecycleStage {
  /** For logs and errors. */
  readonly name: string;
  /** Resolves when it works. When it throws, it has left nothing behind. */
  start(): void | Promise<void>;
  /** Called once after a successful start. */
  stop(): void | Promise<void>;
}

/**
 * Starts stages in their order and stops them in reverse. A start that fails stops what was started before it, so that a
 * failed start leaves no port, file or timer behind.
 */
export class Lifecycle {
  readonly #started: LifecycleStage[] = [];
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(
    private readonly stages: readonly LifecycleStage[],
    private readonly logger: Logger,
  ) {}

  /** Whether everything is started and nobody has asked for a stop. */
  get isRunning(): boolean {
    return this.#stopping === undefined && this.#started.length === this.stages.length;
  }

  /** Starts every stage; ends early, without an error, when {@link stop} is called meanwhile. @throws what the failing stage threw */
  start(): Promise<void> {
    return (this.#starting ??= this.#startAll());
  }

  /** Stops what was started; every further call waits for the same stop. @throws the first error of a stage, after all of them were stopped */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stopWhenSettled());
  }

  async #startAll(): Promise<void> {
    for (const stage of this.stages) {
      if (this.#stopping !== undefined) return;
      try {
        await stage.start();
      } catch (error) {
        await this.#stopAll();
        throw error;
      }
      this.#started.push(stage);
    }
  }

  async #stopWhenSettled(): Promise<void> {
    // What a failed start threw went to the caller of start().
    await this.#starting?.catch(() => undefined);
    const errors = await this.#stopAll();
    if (errors.length > 0) throw errors[0];
  }

  async #stopAll(): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (let stage = this.#started.pop(); stage !== undefined; stage = this.#started.pop()) {
      try {
        await stage.stop();
      } catch (error) {
        this.logger.error(`stopping the ${stage.name} failed`, { error });
        errors.push(error);
      }
    }
    return errors;
  }
}
