import type { InjectionToken } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { IdempotencyObserver } from '../../idempotency/events.js';
import type { IdempotencyStore } from '../../idempotency/idempotency-store.js';
import { PurgeSchedule } from '../../idempotency/purge-schedule.js';
import { IdempotentRunner } from '../../idempotency/runner.js';
import type { SqlExecutor } from '../../idempotency/stores/sql/sql-executor.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { IdempotencyTransaction, IdempotentOptions, RocketIdempotencyOptions } from './idempotency-options.js';

/** A store that can work inside somebody else's transaction. */
interface JoiningStore extends IdempotencyStore {
  withExecutor(executor: SqlExecutor): IdempotencyStore;
}

/** What a handler needs to run idempotently. */
export interface IdempotencyParts {
  readonly runner: IdempotentRunner;
  /** Present when claims join a transaction. */
  readonly transaction: IdempotencyTransaction | undefined;
  /** The store inside a transaction. */
  join(executor: SqlExecutor): IdempotencyStore;
}

/** Finds stores and transactions of handlers; keeps one runner per store, and its expired keys cleared away. */
export class IdempotencyRuntime {
  readonly #runners = new Map<IdempotencyStore, IdempotentRunner>();
  readonly #purges: PurgeSchedule[] = [];
  readonly #parts = new Map<object, IdempotencyParts>();
  readonly #observer: IdempotencyObserver;

  constructor(
    private readonly moduleRef: Pick<ModuleRef, 'get'>,
    private readonly options: RocketIdempotencyOptions,
    private readonly moduleStore: IdempotencyStore | undefined,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#observer = observerOf(logger);
  }

  /**
   * Parts for a handler's options; found once for each options object.
   * @throws RocketMqError `OPTION_INVALID` when store or transaction are missing or do not fit
   */
  partsFor<Payload>(options: IdempotentOptions<Payload>): IdempotencyParts {
    const known = this.#parts.get(options);
    if (known !== undefined) return known;
    const parts = this.#find(options);
    this.#parts.set(options, parts);
    return parts;
  }

  /** Stops clearing away. */
  async close(): Promise<void> {
    await Promise.all(this.#purges.map((purge) => purge.stop()));
  }

  #find<Payload>(options: IdempotentOptions<Payload>): IdempotencyParts {
    const store = this.#storeOf(options.store);
    const transaction = options.transaction === undefined ? undefined : this.#provider<IdempotencyTransaction>('transaction', options.transaction);
    if (transaction !== undefined && typeof transaction.run !== 'function') {
      throw invalid('the provider of its option "transaction" has no method run(work); implement IdempotencyTransaction');
    }
    if (transaction !== undefined && !isJoining(store)) {
      throw invalid('its option "transaction" needs a store that can join transactions; use an SQL store');
    }
    return { runner: this.#runnerOf(store), transaction, join: (executor) => (store as JoiningStore).withExecutor(executor) };
  }

  #storeOf(token: InjectionToken<IdempotencyStore> | undefined): IdempotencyStore {
    const wanted = token ?? this.options.storeToken;
    if (wanted !== undefined) return this.#provider<IdempotencyStore>('store', wanted);
    if (this.moduleStore !== undefined) return this.moduleStore;
    throw invalid('there is no store; give RocketMQModule the option idempotency: { store }, or the decorator a "store"');
  }

  #provider<T>(option: string, token: InjectionToken<T>): T {
    try {
      return this.moduleRef.get<T>(token, { strict: false });
    } catch (error) {
      throw invalid(`its option "${option}" names the provider ${String(typeof token === 'function' ? token.name : token)}, which the application does not have`, error);
    }
  }

  #runnerOf(store: IdempotencyStore): IdempotentRunner {
    const known = this.#runners.get(store);
    if (known !== undefined) return known;
    const { leaseMs, retentionMs } = this.options;
    const runner = new IdempotentRunner({ store, leaseMs, retentionMs, observer: this.#observer });
    this.#runners.set(store, runner);
    const onError = (error: unknown): void => this.logger.warn('expired idempotency keys could not be cleared away; trying again later', { error });
    this.#purges.push(new PurgeSchedule(store, { clock: this.clock, everyMs: this.options.purgeEveryMs, onError }));
    return runner;
  }
}

function isJoining(store: IdempotencyStore): store is JoiningStore {
  return typeof (store as Partial<JoiningStore>).withExecutor === 'function';
}

function observerOf(logger: Logger): IdempotencyObserver {
  return {
    duplicate: ({ scope, key }) => logger.debug('a duplicate was acknowledged without calling its handler', { scope, key }),
    takeover: ({ scope, key, attempt }) => logger.warn('took over a key whose holder did not finish within its lease', { scope, key, attempt }),
    leaseLost: ({ scope, key, error }) => logger.warn('lost the claim on a key while its handler runs; the handler is told by its signal', { scope, key, error }),
    staleComplete: ({ scope, key, error }) => logger.error('a handler finished after its claim was taken over: its effect may have happened twice', { scope, key, error }),
    releaseFailed: ({ scope, key, error }) => logger.error('a failed handler could not free its key, which stays blocked until its lease ends', { scope, key, error }),
  };
}

function invalid(text: string, cause?: unknown): RocketMqError {
  return new RocketMqError('OPTION_INVALID', `@Idempotent: ${text}`, { cause });
}
