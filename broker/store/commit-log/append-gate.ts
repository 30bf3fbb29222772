import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import type { Logger } from '../../../lib/runtime/logger.js';

/** Who closed the gate; each opens only its own bolt. */
export type GateKeeper = 'write' | 'flush' | 'disk-space' | 'consume-queue';

/** Whether appends are taken, and why not. Reads go on whatever it says. */
export class AppendGate {
  readonly #problems = new Map<GateKeeper, string>();
  #closed = false;

  constructor(private readonly logger: Logger) {}

  /** Why appends are refused; `undefined` while they are taken. */
  get problem(): string | undefined {
    for (const problem of this.#problems.values()) return problem;
    return undefined;
  }

  isBlockedBy(keeper: GateKeeper): boolean {
    return this.#problems.has(keeper);
  }

  block(keeper: GateKeeper, problem: string, cause?: unknown): void {
    if (!this.#problems.has(keeper)) this.logger.error('the store refuses messages', { problem, cause });
    this.#problems.set(keeper, problem);
  }

  unblock(keeper: GateKeeper): void {
    if (!this.#problems.delete(keeper)) return;
    if (this.#problems.size === 0) this.logger.info('the store takes messages again');
  }

  /** Refuses everything from now on: the store is closing. */
  close(): void {
    this.#closed = true;
  }

  /** The error an append gets now; `undefined` when it is taken. */
  refusal(): RocketMqError | undefined {
    if (this.#closed) return new RocketMqError('STORE_CLOSED', 'the store is closed; no message can be stored any more');
    if (this.#problems.size === 0) return undefined;
    return new RocketMqError('STORE_WRITE_FAILED', `the store refuses messages: ${this.problem}`, { retryable: true });
  }
}
