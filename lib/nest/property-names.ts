/** Properties that this layer adds to messages. Apache's own names are used where they exist. */

/** Set to `1` on a reply whose body is an error. */
export const REPLY_ERROR_PROPERTY = 'REPLY_ERROR';

/** Properties of dead letters sent by the framework. Apache: MessageConst.java for the first two. */
export const DEAD_LETTER_PROPERTY = {
  /** Topic the message was consumed from. */
  ORIGIN_TOPIC: 'DLQ_ORIGIN_TOPIC',
  /** Its `msgId`. */
  ORIGIN_MESSAGE_ID: 'DLQ_ORIGIN_MESSAGE_ID',
  /** Its id by position. */
  ORIGIN_OFFSET_MESSAGE_ID: 'DLQ_ORIGIN_OFFSET_MESSAGE_ID',
  /** `brokerName/queueId/queueOffset` of the delivery that failed. */
  ORIGIN_QUEUE: 'DLQ_ORIGIN_QUEUE',
  /** Group that gave up. */
  GROUP: 'DLQ_GROUP',
  /** `Class.method` of the handler. */
  HANDLER: 'DLQ_HANDLER',
  /** Why, in words. */
  REASON: 'DLQ_REASON',
  /** Class of the error. */
  ERROR: 'DLQ_ERROR',
  /** Stack, bounded. */
  STACK: 'DLQ_STACK',
  /** Failed deliveries before the one that gave up. */
  RECONSUME_TIMES: 'DLQ_RECONSUME_TIMES',
  /** When, ms since the epoch. */
  TIMESTAMP: 'DLQ_TIMESTAMP',
} as const;
