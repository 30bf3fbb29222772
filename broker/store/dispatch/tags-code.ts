import { PROPERTY, propertyOf } from '../../../lib/protocol/message/properties.js';
import { tagsCodeOf } from '../../../lib/protocol/message/tags-code.js';

/** Topic whose queues hold messages that wait for their delay to pass. Apache: TopicValidator.java */
const SCHEDULE_TOPIC = 'SCHEDULE_TOPIC_XXXX';

/** Computes the third field of a consume-queue entry. */
export class TagsCodes {
  constructor(
    /** Delays of levels 1, 2, …, ms. */
    private readonly delays: readonly number[],
  ) {}

  /** Hash of the message's tag; in the schedule topic the time of delivery. Apache: CommitLog.java, checkMessageAndReturnSize */
  of(topic: string, properties: string, storeTimestamp: number): number {
    if (topic === SCHEDULE_TOPIC) {
      const level = Number(propertyOf(properties, PROPERTY.DELAY) ?? 0);
      if (level > 0) return storeTimestamp + this.delays[Math.min(level, this.delays.length) - 1];
    }
    return tagsCodeOf(propertyOf(properties, PROPERTY.TAGS));
  }
}
