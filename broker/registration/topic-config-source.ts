import type { TopicConfig } from '../../lib/protocol/body/topic-config.js';
import type { TopicConfigWrapper } from '../../lib/protocol/body/topic-config-wrapper.js';

/** The topics to announce; implemented by the broker's topic table. */
export interface TopicConfigSource {
  /** All topics with their version. */
  wrapper(): TopicConfigWrapper;
  /** Calls `listener` after every change; without changed or deleted topics it means "announce everything again". */
  onChanged(listener: (change: { readonly changed: readonly TopicConfig[]; readonly deleted: readonly string[] }) => void): () => void;
  /** Marks topics that a NameServer lists as ordered. */
  markOrdered(topics: Iterable<string>): void;
}
