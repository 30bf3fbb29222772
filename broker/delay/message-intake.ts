import { isRetryTopic, SYSTEM_TOPIC } from '../../lib/protocol/topic-names.js';
import { PROPERTY, withoutProperty, withProperty } from '../../lib/protocol/message/properties.js';
import { ResponseCode } from '../../lib/protocol/response-code.js';
import { RequestRefusedError } from '../remoting/request-processor.js';
import type { AppendResult, MessageStore, MessageToStore } from '../store/message-store.js';
import { queueOfDelayLevel, type DelayLevels } from './delay-levels.js';
import type { PropertyScan } from './property-scan.js';

/** Takes over messages that ask for delivery at a time (`TIMER_…` properties). */
export interface TimerIntake {
  /** The message as it is to be stored until its time. @throws RequestRefusedError when the time is not acceptable */
  divert(message: MessageToStore): MessageToStore;
}

const TRANSACTION_BITS = 0xc;
const TRANSACTION_PREPARED = 0x4;
const TRANSACTION_ROLLBACK = 0xc;
/** Longest topic of an ordinary message and of a retry message, UTF-8 bytes: the record has one byte, or two, for it. */
const TOPIC_BYTES_MAX = 127;
const RETRY_TOPIC_BYTES_MAX = 255;

/**
 * The way of a message into the store: messages with a delay level wait in the schedule topic first. Apache: HookUtils.java.
 */
export class MessageIntake {
  constructor(
    private readonly store: MessageStore,
    private readonly levels: DelayLevels,
    /** Absent: messages that ask for a time are refused, as Apache does with `timerWheelEnable=false`. */
    private readonly timers?: TimerIntake,
  ) {}

  /** Stores a message, now or after its delay. Rejects like `MessageStore.append`. @throws RequestRefusedError */
  append(message: MessageToStore, scan: PropertyScan): Promise<AppendResult> {
    checkTopicLength(message.topic);
    if (scan.delayLevel <= 0 && !scan.hasTimer) return this.store.append(message);
    const transaction = message.sysFlag & TRANSACTION_BITS;
    if (transaction === TRANSACTION_PREPARED || transaction === TRANSACTION_ROLLBACK) return this.store.append(message);
    if (scan.delayLevel > 0) return this.store.append(this.#delayed(message, scan));
    if (this.timers === undefined) {
      throw new RequestRefusedError(ResponseCode.SYSTEM_ERROR, 'accurate timer message is not enabled, timerWheelEnable is false');
    }
    return this.store.append(this.timers.divert(message));
  }

  #delayed(message: MessageToStore, scan: PropertyScan): MessageToStore {
    let properties = message.properties;
    // A level wins over a time.
    if (scan.hasTimer) {
      for (const name of [PROPERTY.TIMER_DELIVER_MS, PROPERTY.TIMER_DELAY_SEC, PROPERTY.TIMER_DELAY_MS]) {
        properties = withoutProperty(properties, name);
      }
    }
    const level = this.levels.clamp(scan.delayLevel);
    if (level !== scan.delayLevel) properties = withProperty(properties, PROPERTY.DELAY, String(level));
    properties = withProperty(properties, PROPERTY.REAL_TOPIC, message.topic);
    properties = withProperty(properties, PROPERTY.REAL_QUEUE_ID, String(message.queueId));
    return { ...message, topic: SYSTEM_TOPIC.SCHEDULE, queueId: queueOfDelayLevel(level), properties };
  }
}

function checkTopicLength(topic: string): void {
  // A UTF-16 unit takes at most three bytes, so that nearly all topics need not be measured.
  if (topic.length * 3 <= TOPIC_BYTES_MAX) return;
  const bytes = Buffer.byteLength(topic, 'utf8');
  const limit = isRetryTopic(topic) ? RETRY_TOPIC_BYTES_MAX : TOPIC_BYTES_MAX;
  if (bytes > limit) throw new RequestRefusedError(ResponseCode.MESSAGE_ILLEGAL, `the topic takes ${bytes} bytes; at most ${limit} are allowed`);
}
