import { RpcException } from '@nestjs/microservices';

/** What a thrown outcome asks for. */
export type ConsumeOutcomeKind = 'retry' | 'suspend' | 'deadLetter' | 'drop';

/**
 * Base of the errors by which a handler chooses what becomes of its message. Throw one; returning means consumed, and
 * any other error means "deliver again later".
 *
 * `getError()` returns the exception itself, because Nest's RPC exception filter hands on what `getError()` returns and
 * would otherwise reduce the outcome to a plain object.
 */
export abstract class ConsumeOutcomeException extends RpcException {
  abstract readonly kind: ConsumeOutcomeKind;

  protected constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message);
    this.name = new.target.name;
    if (options?.cause !== undefined) this.cause = options.cause;
  }

  override getError(): this {
    return this;
  }
}

/** Deliver the message again, not before a delay. */
export class RetryLater extends ConsumeOutcomeException {
  readonly kind = 'retry';

  /**
   * @param delayMs Shortest delay in ms. A concurrent consumer rounds it up to the broker's next delay level; an orderly one
   * pauses the queue for it. Absent: the growing delay of the broker (10 s, 30 s, 1 min, …), orderly: the consumer's pause.
   */
  constructor(
    readonly delayMs?: number,
    options: { readonly reason?: string; readonly cause?: unknown } = {},
  ) {
    super(options.reason ?? (delayMs === undefined ? 'deliver again later' : `deliver again in ${delayMs} ms`), options);
  }
}

/** Orderly consumers: pause this queue, then offer the same message again. A concurrent consumer treats it as {@link RetryLater}. */
export class SuspendQueue extends ConsumeOutcomeException {
  readonly kind = 'suspend';

  /** @param pauseMs Length of the pause in ms; absent: the consumer's `suspendCurrentQueueTimeMs`. */
  constructor(
    readonly pauseMs?: number,
    options: { readonly reason?: string; readonly cause?: unknown } = {},
  ) {
    super(options.reason ?? (pauseMs === undefined ? 'suspend the queue' : `suspend the queue for ${pauseMs} ms`), options);
  }
}

/** The message can never be handled: send it to the group's dead-letter topic with the reason, and go on. */
export class DeadLetter extends ConsumeOutcomeException {
  readonly kind: ConsumeOutcomeKind = 'deadLetter';

  /** @param reason Why; stored with the dead letter. */
  constructor(
    readonly reason: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(reason, options);
  }
}

/** The payload cannot be read (bad JSON) or is not what the handler takes (failed validation): dead letter, never a retry. */
export class PayloadInvalid extends DeadLetter {}

/** The message is of no interest: log the reason and acknowledge. */
export class Drop extends ConsumeOutcomeException {
  readonly kind = 'drop';

  /** @param reason Why; logged. */
  constructor(readonly reason: string) {
    super(reason);
  }
}
