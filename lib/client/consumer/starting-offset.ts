import type { MessageQueue } from '../../protocol/message/message.js';
import { isRetryTopic } from '../../protocol/topic-names.js';
import type { ConsumeFromWhere } from '../types.js';
import type { OffsetStore } from './offset-store.js';
import type { QueueOffsets } from './queue-offsets.js';

/** Where a group begins on queues it has never consumed. */
export interface StartingRule {
  readonly consumeFromWhere: ConsumeFromWhere;
  /** For CONSUME_FROM_TIMESTAMP, ms since the epoch. */
  readonly consumeTimestamp: number;
}

/**
 * Where consumption of a queue starts: the stored offset, else by the rule. Nothing on a retry topic is skipped: what is
 * there was handed to this group before.
 * @throws RocketMqError when the store or the broker cannot tell; the queue must wait then. Apache: RebalancePushImpl.java
 */
export async function startingOffset(queue: MessageQueue, rule: StartingRule, store: OffsetStore, offsets: QueueOffsets): Promise<number> {
  const stored = await store.read(queue);
  if (stored !== undefined && stored >= 0) return stored;
  if (isRetryTopic(queue.topic)) return 0;
  switch (rule.consumeFromWhere) {
    case 'CONSUME_FROM_LAST_OFFSET':
      return offsets.max(queue);
    case 'CONSUME_FROM_FIRST_OFFSET':
      // When older messages are gone, the first pull is told where the queue begins.
      return 0;
    case 'CONSUME_FROM_TIMESTAMP':
      return offsets.at(queue, rule.consumeTimestamp);
  }
}
