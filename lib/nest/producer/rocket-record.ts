/** Choices that travel with one message. */
export interface RocketMessageOptions {
  readonly tag?: string;
  /** Business keys, indexed by the broker; by default also the idempotency key of a consumer. */
  readonly keys?: string | readonly string[];
  /** Messages with the same key go to the same queue, in order. */
  readonly shardingKey?: string;
  /** Deliver this many ms from now. */
  readonly delayMs?: number;
  /** Deliver at this time (`Date` or ms since the epoch). */
  readonly deliverAt?: Date | number;
  /** Index into the broker's delay table, from 1. */
  readonly delayLevel?: number;
  /** Own properties. */
  readonly properties?: Readonly<Record<string, string>>;
  /** The user's own integer. */
  readonly flag?: number;
}

/** A payload together with its message options; accepted wherever a payload is. */
export class RocketRecord<T = unknown> {
  constructor(
    readonly data: T,
    readonly options: RocketMessageOptions,
  ) {}
}

/**
 * Builds a {@link RocketRecord}, for the APIs that take nothing but a payload:
 * `client.emit('orders', new RocketRecordBuilder(dto).tag('paid').keys(dto.id).build())`.
 */
export class RocketRecordBuilder<T = unknown> {
  readonly #data: T;
  #options: RocketMessageOptions = {};

  constructor(data: T) {
    this.#data = data;
  }

  tag(tag: string): this {
    return this.#with({ tag });
  }

  keys(...keys: string[]): this {
    return this.#with({ keys });
  }

  shardingKey(shardingKey: string): this {
    return this.#with({ shardingKey });
  }

  /** Deliver `delayMs` ms from the moment of the send. */
  delay(delayMs: number): this {
    return this.#with({ delayMs });
  }

  deliverAt(deliverAt: Date | number): this {
    return this.#with({ deliverAt });
  }

  delayLevel(delayLevel: number): this {
    return this.#with({ delayLevel });
  }

  property(name: string, value: string): this {
    return this.#with({ properties: { ...this.#options.properties, [name]: value } });
  }

  build(): RocketRecord<T> {
    return new RocketRecord(this.#data, this.#options);
  }

  #with(options: RocketMessageOptions): this {
    this.#options = { ...this.#options, ...options };
    return this;
  }
}
