import { channel } from 'node:diagnostics_channel';

import type { ErrorSubject } from './errors.js';

/** What every event says: which key of whom. Metrics must not be labelled by the key. */
export interface IdempotencyEvent extends ErrorSubject {
  readonly owner: string;
}

/** What happens around keys, for logs, metrics and traces. Fields beside the common ones are listed here. */
export interface IdempotencyEvents {
  /** The work was done before; the handler was not called. */
  duplicate: IdempotencyEvent & { readonly completedAtMs: number };
  /** Somebody else is doing the work. */
  inProgress: IdempotencyEvent & { readonly retryAfterMs: number };
  /** The key came with another payload. */
  mismatch: IdempotencyEvent;
  /** The claim was taken over from a holder whose lease ran out. */
  takeover: IdempotencyEvent & { readonly token: number; readonly attempt: number };
  /** The handler ran and its completion is recorded. */
  completed: IdempotencyEvent & { readonly token: number; readonly attempt: number };
  /** The handler threw; the key is free again. */
  released: IdempotencyEvent & { readonly token: number; readonly error: unknown };
  /** The claim was lost while the handler ran: it was told by its signal. */
  leaseLost: IdempotencyEvent & { readonly token: number; readonly error: unknown };
  /** The handler finished, but the claim was no longer its own: its effect may happen twice. */
  staleComplete: IdempotencyEvent & { readonly token: number; readonly error: unknown };
  /** The handler threw and the key could not be freed: it stays blocked until its lease ends. */
  releaseFailed: IdempotencyEvent & { readonly token: number; readonly error: unknown };
}

/** Callbacks for {@link IdempotencyEvents}. They run in line: what one throws is the caller's. */
export type IdempotencyObserver = { readonly [Name in keyof IdempotencyEvents]?: (event: IdempotencyEvents[Name]) => void };

/** Prefix of the `node:diagnostics_channel` names; the event's name follows, e.g. `nestjs-rocketmq:idempotency:duplicate`. */
export const IDEMPOTENCY_CHANNEL_PREFIX = 'nestjs-rocketmq:idempotency:';

/** Publishes an event to its diagnostics channel and to the observer. */
export function publish<Name extends keyof IdempotencyEvents>(
  observer: IdempotencyObserver | undefined,
  name: Name,
  event: IdempotencyEvents[Name],
): void {
  const target = channel(IDEMPOTENCY_CHANNEL_PREFIX + name);
  if (target.hasSubscribers) target.publish(event);
  observer?.[name]?.(event);
}
