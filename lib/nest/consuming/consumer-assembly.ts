import type { ModuleRef } from '@nestjs/core';
import type { PushConsumerOptions } from '../../client/types.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { ResolvedCluster } from '../module/resolve-options.js';
import type { RocketTemplate } from '../producer/rocket-template.js';
import type { RegisteredHandler } from './consumer-definition.js';
import { DeadLetterSender } from './dead-letter-sender.js';
import { GroupConsumer, type ConsumeFailure } from './group-consumer.js';
import { HandlerRunner, type HookRunner } from './handler-runner.js';
import { createOptionSource, OptionResolver } from './option-resolver.js';
import { planSubscriptions, type GroupPlan } from './subscription-plan.js';

/** Runs of a handler at the same time when nothing is said. */
const DEFAULT_CONCURRENCY = 20;
/** The client's own default, see `PushConsumerOptions`. */
const DEFAULT_SHUTDOWN_TIMEOUT_MS = 30_000;

/** Turns the handlers of one cluster into consumers: resolves their options, plans groups, makes the clients. */
export class ClusterConsumerAssembly {
  constructor(
    private readonly options: ResolvedCluster,
    private readonly template: RocketTemplate,
    private readonly moduleRef: Pick<ModuleRef, 'get'>,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  get cluster(): string {
    return this.options.name;
  }

  /** @throws RocketMqError `OPTION_INVALID` for handlers with wrong or contradictory options, naming their places */
  assemble(handlers: readonly RegisteredHandler[], runWithHooks: HookRunner, onFailure: (failure: ConsumeFailure) => void): GroupConsumer[] {
    const { options } = this;
    const resolver = new OptionResolver(createOptionSource(options.placeholders, this.moduleRef), options.consumer, options.codec);
    const plans = planSubscriptions(handlers.map((handler) => resolver.resolve(handler)));
    const runner = new HandlerRunner(this.clock, this.template, runWithHooks, this.logger);
    const deadLetters = new DeadLetterSender(this.template, this.clock);
    const common = {
      runner,
      deadLetters,
      logger: this.logger,
      delayLevelsMs: options.delayLevelsMs,
      shutdownTimeoutMs: options.consumer.shutdownTimeoutMs ?? DEFAULT_SHUTDOWN_TIMEOUT_MS,
      onFailure,
    };
    return plans.map((plan) => new GroupConsumer(plan, { ...common, consumer: options.clientFactory.createPushConsumer(this.#consumerOptions(plan)) }));
  }

  #consumerOptions({ group, shared, handlers }: GroupPlan): PushConsumerOptions {
    const { mode: _mode, group: _group, timeoutMs: _timeoutMs, ...defaults } = this.options.consumer;
    const given: Partial<PushConsumerOptions> = {
      concurrency: concurrencyOf(handlers, defaults.concurrency),
      consumeFromWhere: shared.from,
      consumeTimestamp: shared.consumeTimestamp,
      maxReconsumeTimes: shared.maxReconsumeTimes,
      suspendCurrentQueueTimeMs: shared.suspendMs,
    };
    const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return {
      ...this.options.client,
      ...defaults,
      ...known,
      group,
      messageModel: shared.model,
      consumeMessageBatchMaxSize: handlers[0].batch ?? 1,
    };
  }
}

/** A shared consumer must be able to run as much as its handlers together may. */
function concurrencyOf(handlers: GroupPlan['handlers'], fallback: number | undefined): number | undefined {
  if (handlers.every(({ concurrency }) => concurrency === undefined)) return fallback;
  return handlers.reduce((sum, { concurrency }) => sum + (concurrency ?? fallback ?? DEFAULT_CONCURRENCY), 0);
}
