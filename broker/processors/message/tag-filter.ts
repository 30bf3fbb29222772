import type { SubscriptionData } from '../../../lib/protocol/body/subscription-data.js';
import type { MessageFilter } from '../../store/message-store.js';

const ALL_TAGS = '*';
const FILTERS = new WeakMap<SubscriptionData, MessageFilter>();

/** Whether an expression is a list of tags; an absent type means it is. Apache: ExpressionType.java. */
export function isTagExpression(expressionType: string | null | undefined): boolean {
  return expressionType === undefined || expressionType === null || expressionType === '' || expressionType === 'TAG';
}

/** Filter of a subscription by tags; `undefined` when it takes everything. Apache: ExpressionMessageFilter.java. */
export function tagFilterOf(subscription: SubscriptionData): MessageFilter | undefined {
  if (subscription.classFilterMode || subscription.subString === ALL_TAGS) return undefined;
  let filter = FILTERS.get(subscription);
  if (filter === undefined) {
    const codes = new Set(subscription.codeSet);
    // Queue entries hold the 32-bit hash as a 64-bit integer.
    filter = { matchesTagsCode: (tagsCode) => codes.has(tagsCode | 0) };
    FILTERS.set(subscription, filter);
  }
  return filter;
}
