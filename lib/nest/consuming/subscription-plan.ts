import type { FilterExpression } from '../../client/types.js';
import { RocketMqError } from '../../errors/rocketmq-error.js';
import type { ConsumerDefinition } from './consumer-definition.js';

const SHARED = ['mode', 'model', 'from', 'consumeTimestamp', 'maxReconsumeTimes', 'suspendMs'] as const;

/** Consumer-wide options; all handlers of a group that state them must agree. */
export type SharedOptions = Pick<ConsumerDefinition, (typeof SHARED)[number]>;

/** One consumer: a group, the union of what its handlers want, and the handlers. */
export interface GroupPlan {
  readonly group: string;
  readonly handlers: readonly ConsumerDefinition[];
  /** Filter by topic: the union over the handlers of the topic. */
  readonly subscriptions: ReadonlyMap<string, FilterExpression>;
  readonly shared: SharedOptions;
}

/**
 * Groups handlers into consumers. RocketMQ wants one subscription per group in every process, so handlers of one group
 * share a consumer and contradictions stop the start.
 * @throws RocketMqError `OPTION_INVALID` listing every contradiction with the places of both handlers.
 */
export function planSubscriptions(definitions: readonly ConsumerDefinition[]): GroupPlan[] {
  const byGroup = new Map<string, ConsumerDefinition[]>();
  for (const definition of definitions) {
    const members = byGroup.get(definition.group);
    if (members === undefined) byGroup.set(definition.group, [definition]);
    else members.push(definition);
  }
  const problems: string[] = [];
  const plans: GroupPlan[] = [];
  for (const [group, handlers] of byGroup) {
    problems.push(...contradictionsIn(handlers));
    plans.push({ group, handlers, subscriptions: unionOf(handlers), shared: mergeShared(handlers) });
  }
  if (problems.length > 0) {
    throw new RocketMqError('OPTION_INVALID', `the subscriptions contradict each other:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, {
      details: { problems },
    });
  }
  return plans;
}

function mergeShared(handlers: readonly ConsumerDefinition[]): SharedOptions {
  return handlers.reduce<SharedOptions>(
    (merged, next) => ({
      ...merged,
      from: merged.from ?? next.from,
      consumeTimestamp: merged.consumeTimestamp ?? next.consumeTimestamp,
      maxReconsumeTimes: merged.maxReconsumeTimes ?? next.maxReconsumeTimes,
      suspendMs: merged.suspendMs ?? next.suspendMs,
    }),
    handlers[0],
  );
}

function contradictionsIn(handlers: readonly ConsumerDefinition[]): string[] {
  const problems: string[] = [];
  handlers.forEach((second, index) => {
    for (const first of handlers.slice(0, index)) {
      problems.push(...contradictions(first, second));
    }
  });
  return problems;
}

function contradictions(first: ConsumerDefinition, second: ConsumerDefinition): string[] {
  const both = `${first.place} and ${second.place} (group "${first.group}")`;
  const problems: string[] = SHARED.filter((option) => first[option] !== undefined && second[option] !== undefined && first[option] !== second[option]).map(
    (option) => `${both} differ in "${option}": ${String(first[option])} and ${String(second[option])}; use the same, or another group`,
  );
  if (first.batch !== undefined || second.batch !== undefined) {
    problems.push(`${both} share a consumer, but one takes batches; give the batch handler a group of its own`);
  }
  if (first.topic === second.topic) {
    const overlap = overlapOf(first, second);
    if (overlap !== undefined) problems.push(`${both} both take ${overlap} of topic "${first.topic}"; use different tags, or another group`);
  }
  return problems;
}

function overlapOf(first: ConsumerDefinition, second: ConsumerDefinition): string | undefined {
  if (first.filter.type === 'SQL92' || second.filter.type === 'SQL92') return 'messages by SQL condition, which cannot be combined,';
  if (first.tags === undefined || second.tags === undefined) return 'all messages';
  const others = second.tags;
  const common = [...first.tags].filter((tag) => others.has(tag));
  return common.length === 0 ? undefined : `tag ${common.map((tag) => `"${tag}"`).join(', ')}`;
}

function unionOf(handlers: readonly ConsumerDefinition[]): ReadonlyMap<string, FilterExpression> {
  const union = new Map<string, FilterExpression>();
  for (const { topic, filter } of handlers) {
    const known = union.get(topic);
    union.set(topic, known === undefined ? filter : { type: 'TAG', expression: `${known.expression}||${filter.expression}` });
  }
  return union;
}
