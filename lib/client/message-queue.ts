import type { MessageQueue } from '../protocol/message/message.js';

/** Text that identifies a queue, for use as a key. */
export function queueKey(queue: MessageQueue): string {
  return `${queue.topic}@${queue.brokerName}@${queue.queueId}`;
}

/** Order of queues that all members of a group must agree on: topic, broker name, queue id. Apache: MessageQueue.java. */
export function compareQueues(a: MessageQueue, b: MessageQueue): number {
  return compareText(a.topic, b.topic) || compareText(a.brokerName, b.brokerName) || a.queueId - b.queueId;
}

/** Order of strings by UTF-16 code unit, as Java's `compareTo`. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
