import type { MessageExt } from '../../protocol/message/message.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import type { Namespace } from '../namespace.js';

/**
 * Gives messages the topic their listener subscribed to: a retried message that of its first delivery, a tenant's message
 * the name without its namespace. Others stay the very same objects.
 */
export function restoreMessages(messages: readonly MessageExt[], retryTopic: string, namespace: Namespace): readonly MessageExt[] {
  const first = messages[0];
  // All are of one wire topic, so one look tells whether there is anything to do.
  if (first === undefined || (first.topic !== retryTopic && namespace.unwrap(first.topic) === first.topic)) return messages;
  return messages.map((message) => {
    const original = message.topic === retryTopic ? (message.properties[PROPERTY.RETRY_TOPIC] ?? message.topic) : message.topic;
    return { ...message, topic: namespace.unwrap(original) };
  });
}
