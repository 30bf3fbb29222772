import { RocketMqError } from '../../errors/rocketmq-error.js';

/** Output of a decompressor: grows with what is really written, never beyond a limit. */
export class GrowingBuffer {
  #bytes: Buffer;
  #length = 0;
  readonly #maxBytes: number;

  constructor(expectedBytes: number, maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#bytes = Buffer.allocUnsafe(Math.min(expectedBytes, maxBytes));
  }

  get length(): number {
    return this.#length;
  }

  /** Appends a stretch of `source`. @throws RocketMqError `MESSAGE_TOO_LARGE` */
  append(source: Uint8Array, start: number, end: number): void {
    const at = this.#reserve(end - start);
    this.#bytes.set(source.subarray(start, end), at);
  }

  /** Appends `count` bytes that begin `distance` bytes back; they may overlap what is being written. @throws RocketMqError `MESSAGE_TOO_LARGE` */
  repeat(distance: number, count: number): void {
    const at = this.#reserve(count);
    if (distance >= count) this.#bytes.copyWithin(at, at - distance, at - distance + count);
    else for (let index = at; index < at + count; index++) this.#bytes[index] = this.#bytes[index - distance];
  }

  /** Everything written, a slice. */
  written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#maxBytes) throw new RocketMqError('MESSAGE_TOO_LARGE', `a compressed body unpacks to more than ${this.#maxBytes} bytes`);
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(needed, this.#bytes.length * 2)));
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    this.#length = needed;
    return at;
  }
}
