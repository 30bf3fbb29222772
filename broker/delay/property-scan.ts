/** What the broker must know of a message's properties before it stores the message. */
export interface PropertyScan {
  /** `UNIQ_KEY`; `undefined` when the producer made none. */
  readonly uniqueKey: string | undefined;
  /** `DELAY`: delay level, 0 or less meaning none. */
  readonly delayLevel: number;
  /** Whether a `TIMER_…` property asks for delivery at a time. */
  readonly hasTimer: boolean;
  /** Whether `TRAN_MSG` marks a half message. */
  readonly isPrepared: boolean;
  /** Whether the text holds properties that only the broker may set, or pairs no reader understands. */
  readonly needsCleaning: boolean;
}

const PAIR_END = '\u0002';
const NAME_END = '\u0001';

/** Properties that the broker sets itself at every send; what a client sends is replaced. `POP_CK` is merely removed. */
export const BROKER_OWNED_PROPERTIES = ['MSG_REGION', 'TRACE_ON', 'CLUSTER', 'POP_CK'] as const;

/**
 * Looks through encoded properties once, without taking them apart: every message passes here. As in Apache's reader a later pair
 * wins over an earlier one of the same name, and pairs with an empty name or value do not count.
 */
export function scanProperties(text: string): PropertyScan {
  let uniqueKey: string | undefined;
  let delayLevel = 0;
  let hasTimer = false;
  let isPrepared = false;
  let needsCleaning = false;
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf(PAIR_END, start);
    if (end < 0) end = text.length;
    const separator = text.indexOf(NAME_END, start);
    if (separator <= start || separator >= end - 1) {
      needsCleaning = true;
    } else {
      switch (separator - start) {
        case 5: // DELAY
          if (text.startsWith('DELAY', start)) delayLevel = Number.parseInt(text.slice(separator + 1, end), 10) || 0;
          break;
        case 6:
          needsCleaning ||= text.startsWith('POP_CK', start);
          break;
        case 7:
          needsCleaning ||= text.startsWith('CLUSTER', start);
          break;
        case 8:
          if (text.startsWith('UNIQ_KEY', start)) uniqueKey = text.slice(separator + 1, end);
          else if (text.startsWith('TRAN_MSG', start)) isPrepared = text.slice(separator + 1, end).toLowerCase() === 'true';
          else needsCleaning ||= text.startsWith('TRACE_ON', start);
          break;
        case 10:
          needsCleaning ||= text.startsWith('MSG_REGION', start);
          break;
        case 14:
          hasTimer ||= text.startsWith('TIMER_DELAY_MS', start);
          break;
        case 15:
          hasTimer ||= text.startsWith('TIMER_DELAY_SEC', start);
          break;
        case 16:
          hasTimer ||= text.startsWith('TIMER_DELIVER_MS', start);
          break;
      }
    }
    start = end + 1;
  }
  return { uniqueKey, delayLevel, hasTimer, isPrepared, needsCleaning };
}
