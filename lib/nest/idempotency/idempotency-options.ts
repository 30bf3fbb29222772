import type { InjectionToken } from '@nestjs/common';
import type { IdempotencyStore } from '../../idempotency/idempotency-store.js';
import type { KeySource } from '../../idempotency/key.js';
import type { SqlExecutor } from '../../idempotency/stores/sql/sql-executor.js';
import type { RocketContext } from '../transport/rocket.context.js';

/** Option `idempotency` of `RocketMQModule`. */
export interface RocketIdempotencyOptions {
  /** The store of handlers that name none, or a function that opens it at the start. The module closes it. */
  readonly store?: IdempotencyStore | (() => IdempotencyStore | Promise<IdempotencyStore>);
  /** Instead of `store`: a provider of the application, which closes it itself. */
  readonly storeToken?: InjectionToken<IdempotencyStore>;
  /** Lease of a claim, ms, renewed while the handler runs; default 60 000. */
  readonly leaseMs?: number;
  /** How long done keys are remembered, ms; default 7 days. */
  readonly retentionMs?: number;
  /** Pause between two rounds of clearing expired keys away, ms; default 60 000. */
  readonly purgeEveryMs?: number;
}

/**
 * Opens database transactions for handlers with `@Idempotent({ transaction })`. Implemented by the application over its
 * driver or ORM; the handler finds the same transaction its own way (`AsyncLocalStorage`, `@nestjs-cls/transactional`).
 */
export interface IdempotencyTransaction {
  /** Runs `work` in a transaction of its own: commits when it resolves, rolls back when it rejects. `executor` speaks to that transaction. */
  run<T>(work: (executor: SqlExecutor) => Promise<T>): Promise<T>;
}

/** Where a key is taken from: a path in the payload (`order.id`), a function, or a source of `nestjs-rocketmq/idempotency`. */
export type IdempotencyKey<Payload> = string | ((payload: Payload, context: RocketContext) => unknown) | KeySource<Payload>;

/** Options of `@Idempotent`. */
export interface IdempotentOptions<Payload = unknown> {
  /** Default: the message's only key, or else its unique id. Better name the business operation: `key: 'orderId'`. */
  readonly key?: IdempotencyKey<Payload>;
  /** Provider of the store; default: the module's. */
  readonly store?: InjectionToken<IdempotencyStore>;
  /** Provider of an {@link IdempotencyTransaction}: claim, work and completion commit together. Needs an SQL store. */
  readonly transaction?: InjectionToken<IdempotencyTransaction>;
  /** Overrides the module's, ms. */
  readonly leaseMs?: number;
  /** Overrides the module's, ms. */
  readonly retentionMs?: number;
  /** Refuse (dead-letter) a known key that comes with another payload; default true. */
  readonly fingerprint?: boolean;
  /** Who must not do the work twice; default: group and handler, `group/Class.method`. Keep it when renaming either. */
  readonly scope?: string;
}
