import type { MessageExt } from '../../protocol/message/message.js';
import { PROPERTY } from '../../protocol/message/properties.js';
import { isRetryTopic } from '../../protocol/topic-names.js';
import type { ConsumerDefinition } from './consumer-definition.js';

/** Finds the handler of a message among those of one group. */
export class MessageRouter {
  readonly #byTopic = new Map<string, ConsumerDefinition[]>();

  constructor(handlers: readonly ConsumerDefinition[]) {
    for (const handler of handlers) {
      const known = this.#byTopic.get(handler.topic);
      if (known === undefined) this.#byTopic.set(handler.topic, [handler]);
      else known.push(handler);
    }
  }

  /** `undefined` when no handler takes this topic and tag. */
  find(message: MessageExt): ConsumerDefinition | undefined {
    const candidates = this.#byTopic.get(originalTopicOf(message));
    if (candidates === undefined) return undefined;
    const tag = message.properties[PROPERTY.TAGS] ?? '';
    return candidates.find(({ tags }) => tags === undefined || tags.has(tag));
  }
}

/** Topic a message was first sent to: a redelivered one may still show its retry topic. */
export function originalTopicOf(message: MessageExt): string {
  return isRetryTopic(message.topic) ? (message.properties[PROPERTY.RETRY_TOPIC] ?? message.topic) : message.topic;
}
