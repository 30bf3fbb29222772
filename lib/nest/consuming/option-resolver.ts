import type { ModuleRef } from '@nestjs/core';
import type { FilterExpression } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import { validateGroupName, validateTopicName } from '../../protocol/topic-names.js';
import type { PayloadCodec } from '../codec/payload-codec.js';
import type { Configurable, LateConsumerOptions, OptionSource, PlaceholderValues, RocketConsumerDefaults } from '../module/rocketmq-options.js';
import type { ConsumerDefinition, RegisteredHandler } from './consumer-definition.js';

const PLACEHOLDER = /\$\{([^}:]+)(?::([^}]*))?\}/g;

/** Option source over placeholders and the application's providers. */
export function createOptionSource(placeholders: PlaceholderValues | undefined, moduleRef: Pick<ModuleRef, 'get'>): OptionSource {
  const find = (name: string): string | number | boolean | undefined => (typeof placeholders === 'function' ? placeholders(name) : placeholders?.[name]);
  return {
    value(name) {
      const value = find(name);
      if (value === undefined) throw invalid(`the placeholder \${${name}} has no value; give it in RocketMQModule's option "placeholders"`);
      return String(value);
    },
    get: (token) => moduleRef.get(token, { strict: false }),
  };
}

/** Resolves the options of handlers against defaults, placeholders and providers. */
export class OptionResolver {
  constructor(
    private readonly source: OptionSource,
    private readonly defaults: RocketConsumerDefaults,
    private readonly codec: PayloadCodec,
  ) {}

  /** @throws RocketMqError `OPTION_INVALID` naming the handler, the option, its value and the remedy. */
  resolve(registered: RegisteredHandler): ConsumerDefinition {
    try {
      return this.#resolve(registered);
    } catch (error) {
      throw new RocketMqError('OPTION_INVALID', `${registered.place}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
        details: { place: registered.place },
      });
    }
  }

  #resolve({ options: configurable, ...registered }: RegisteredHandler): ConsumerDefinition {
    const options = typeof configurable === 'function' ? configurable(this.source) : configurable;
    const defaults = this.defaults;
    const topic = this.#text('topic', options.topic);
    if (topic === undefined) throw invalid('no topic; give @RocketConsumer a "topic"');
    check(validateTopicName(topic));
    const group = this.#text('group', options.group) ?? defaults.group;
    if (group === undefined) throw invalid('no consumer group; give the handler a "group", or the cluster a "consumer.group"');
    check(validateGroupName(group));
    const from = this.#read(options.from) ?? defaults.consumeFromWhere;
    return {
      ...registered,
      topic,
      group,
      ...this.#filter(options),
      mode: oneOf('mode', this.#text('mode', options.mode) ?? defaults.mode ?? 'CONCURRENTLY', ['CONCURRENTLY', 'ORDERLY']),
      model: oneOf('model', this.#text('model', options.model) ?? defaults.messageModel ?? 'CLUSTERING', ['CLUSTERING', 'BROADCASTING']),
      from: from instanceof Date ? 'CONSUME_FROM_TIMESTAMP' : from,
      consumeTimestamp: from instanceof Date ? from.getTime() : defaults.consumeTimestamp,
      concurrency: this.#number('concurrency', options.concurrency, 1),
      batch: this.#number('batch', options.batch, 1, 1024),
      maxReconsumeTimes: this.#number('maxReconsumeTimes', options.maxReconsumeTimes, 0) ?? defaults.maxReconsumeTimes,
      timeoutMs: this.#number('timeoutMs', options.timeoutMs, 0) ?? defaults.timeoutMs ?? 0,
      suspendMs: this.#number('suspendMs', options.suspendMs, 0) ?? defaults.suspendCurrentQueueTimeMs,
      codec: options.codec ?? this.codec,
    };
  }

  #filter(options: LateConsumerOptions): { filter: FilterExpression; tags: ReadonlySet<string> | undefined } {
    const sql = this.#text('sql', options.sql);
    const given = this.#read(options.tags);
    if (sql !== undefined) {
      if (given !== undefined) throw invalid('both "tags" and "sql" are given; choose one');
      return { filter: { type: 'SQL92', expression: sql }, tags: undefined };
    }
    const expression = typeof given === 'string' ? this.#expand(given) : (given ?? ['*']).map((tag) => this.#expand(tag)).join('||');
    const tags = expression.split('||').map((tag) => tag.trim());
    if (tags.some((tag) => tag === '')) throw invalid(`tags ${JSON.stringify(expression)} contain an empty tag; write "*", or tags joined by "||"`);
    if (tags.includes('*')) return { filter: { type: 'TAG', expression: '*' }, tags: undefined };
    return { filter: { type: 'TAG', expression: tags.join('||') }, tags: new Set(tags) };
  }

  #read<T>(value: Configurable<T>): T {
    return typeof value === 'function' ? (value as (source: OptionSource) => T)(this.source) : value;
  }

  #text<T extends string>(name: string, option: Configurable<T | undefined>): string | undefined {
    const value = this.#read(option);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalid(`${name} is ${JSON.stringify(value)}; it must be a text`);
    return this.#expand(value);
  }

  #number(name: string, option: Configurable<number | string | undefined>, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
    const given = this.#read(option);
    if (given === undefined) return undefined;
    const value = typeof given === 'string' ? Number(this.#expand(given)) : given;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw invalid(`${name} is ${JSON.stringify(given)}; it must be an integer from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}`);
    }
    return value;
  }

  #expand(text: string): string {
    return text.replace(PLACEHOLDER, (_, name: string, fallback: string | undefined) => {
      try {
        return this.source.value(name.trim());
      } catch (error) {
        if (fallback === undefined) throw error;
        return fallback;
      }
    });
  }
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  if (!(allowed as readonly string[]).includes(value)) throw invalid(`${name} is ${JSON.stringify(value)}; allowed are ${allowed.join(', ')}`);
  return value as T;
}

function check(problem: string | undefined): void {
  if (problem !== undefined) throw invalid(problem);
}

function invalid(text: string): RocketMqError {
  return new RocketMqError('OPTION_INVALID', text);
}
