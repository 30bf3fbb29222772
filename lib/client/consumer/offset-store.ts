import type { MessageQueue } from '../../protocol/message/message.js';

/** A queue with the offset to consume next. */
export interface QueueOffset {
  readonly queue: MessageQueue;
  readonly offset: number;
}

/** Where a group remembers how far it has come. */
export interface OffsetStore {
  /**
   * The stored offset; `undefined` when there is none.
   * @throws RocketMqError when the store cannot tell: then the queue must not be consumed, for nobody knows from where
   */
  read(queue: MessageQueue): Promise<number | undefined>;
  /**
   * Stores offsets. Failures are logged: the next commit will make up for them.
   * @param wait resolve only when stored, as before giving a queue away; otherwise when handed over
   */
  commit(offsets: readonly QueueOffset[], wait: boolean): Promise<void>;
}
