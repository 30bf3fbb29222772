/** Collects records as slices, making one of neighbours: a queue that has a stretch of the log to itself is one slice. */
export class RecordCollector {
  readonly #done: Buffer[] = [];
  #current: Buffer | undefined;
  #start = 0;
  #end = 0;
  #bytes = 0;
  #count = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  add(buffer: Buffer, position: number, size: number): void {
    this.#bytes += size;
    this.#count += 1;
    if (this.#current === buffer && this.#end === position) {
      this.#end += size;
      return;
    }
    this.#finish();
    this.#current = buffer;
    this.#start = position;
    this.#end = position + size;
  }

  buffers(): readonly Buffer[] {
    this.#finish();
    return this.#done;
  }

  #finish(): void {
    if (this.#current) this.#done.push(this.#current.subarray(this.#start, this.#end));
    this.#current = undefined;
  }
}
