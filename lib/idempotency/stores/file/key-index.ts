/** Two independent 32-bit hashes of a scope and key. */
export interface KeyHash {
  readonly high: number;
  readonly low: number;
}

/** Where a record lies in the journal. */
export interface RecordPlace {
  readonly position: number;
  /** Bytes, prefix included. */
  readonly length: number;
}

const SLOTS_MIN = 1024;
const LOAD_MAX = 0.75;

/**
 * Hash of scope and key, mixed as in cyrb53. `seed` is chosen per process, so that nobody can choose keys that collide.
 * Equal hashes do not prove equal keys: whoever finds one reads the record and compares.
 */
export function hashOf(scope: string, key: string, seed: number): KeyHash {
  const text = `${scope}\0${key}`;
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return { high: a >>> 0, low: b >>> 0 };
}

/**
 * Maps key hashes to places in the journal without holding the keys: an open-addressing table of typed arrays outside
 * of V8's heap. 24 bytes a slot, filled to between 3/8 and 3/4 as it grows: 32 to 64 bytes a key (50 MB for a million
 * keys), and half as much again for the moment of growing.
 */
export class KeyIndex {
  #slots = SLOTS_MIN;
  #used = 0;
  #high = new Uint32Array(SLOTS_MIN);
  #low = new Uint32Array(SLOTS_MIN);
  /** 0 marks a free slot. */
  #length = new Uint32Array(SLOTS_MIN);
  /** In seconds, rounded up: enough to know when a record is worth looking at. */
  #expiry = new Uint32Array(SLOTS_MIN);
  #position = new Float64Array(SLOTS_MIN);

  get size(): number {
    return this.#used;
  }

  /** Memory of the table itself, bytes. */
  get byteLength(): number {
    return this.#slots * 24;
  }

  /** The place whose hash matches and that `verify` accepts. */
  find(hash: KeyHash, verify: (place: RecordPlace) => boolean): RecordPlace | undefined {
    const slot = this.#slotOf(hash, verify);
    return slot < 0 ? undefined : this.#placeAt(slot);
  }

  /** Adds a place. The key must not be in the table: remove its former place first. */
  add(hash: KeyHash, place: RecordPlace, expiresAtMs: number): void {
    if (this.#used + 1 > this.#slots * LOAD_MAX) this.#grow();
    this.#insert(hash.high, hash.low, place.length, Math.min(0xffffffff, Math.ceil(expiresAtMs / 1000)), place.position);
    this.#used += 1;
  }

  /** Removes the place at exactly this position; whether there was one. */
  remove(hash: KeyHash, position: number): boolean {
    const slot = this.#slotOf(hash, (place) => place.position === position);
    if (slot < 0) return false;
    this.#clear(slot);
    this.#used -= 1;
    return true;
  }

  /** Removes up to `limit` places that expired before `nowMs` and returns them. `cursor` says where to go on next time. */
  removeExpired(nowMs: number, limit: number, cursor: number): { removed: RecordPlace[]; cursor: number } {
    const nowSeconds = Math.floor(nowMs / 1000);
    const removed: RecordPlace[] = [];
    let slot = cursor % this.#slots;
    for (let looked = 0; looked < this.#slots && removed.length < limit; looked++) {
      if (this.#length[slot] !== 0 && this.#expiry[slot] <= nowSeconds) {
        removed.push(this.#placeAt(slot));
        this.#clear(slot);
        this.#used -= 1;
        // Clearing may have moved a later one into this slot: look at it again.
        looked -= 1;
      } else {
        slot = (slot + 1) & (this.#slots - 1);
      }
    }
    return { removed, cursor: slot };
  }

  #slotOf(hash: KeyHash, verify: (place: RecordPlace) => boolean): number {
    const mask = this.#slots - 1;
    for (let slot = hash.low & mask; this.#length[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#low[slot] === hash.low && this.#high[slot] === hash.high && verify(this.#placeAt(slot))) return slot;
    }
    return -1;
  }

  #placeAt(slot: number): RecordPlace {
    return { position: this.#position[slot], length: this.#length[slot] };
  }

  #insert(high: number, low: number, length: number, expiry: number, position: number): void {
    const mask = this.#slots - 1;
    let slot = low & mask;
    while (this.#length[slot] !== 0) slot = (slot + 1) & mask;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#length[slot] = length;
    this.#expiry[slot] = expiry;
    this.#position[slot] = position;
  }

  /** Frees a slot and closes the gap, so that searches need no tombstones. */
  #clear(slot: number): void {
    const mask = this.#slots - 1;
    let gap = slot;
    for (let next = (gap + 1) & mask; this.#length[next] !== 0; next = (next + 1) & mask) {
      const home = this.#low[next] & mask;
      // It may move when its home is not strictly between the gap and where it is.
      if (((next - home) & mask) < ((next - gap) & mask)) continue;
      this.#high[gap] = this.#high[next];
      this.#low[gap] = this.#low[next];
      this.#length[gap] = this.#length[next];
      this.#expiry[gap] = this.#expiry[next];
      this.#position[gap] = this.#position[next];
      gap = next;
    }
    this.#length[gap] = 0;
  }

  #grow(): void {
    const { high, low, length, expiry, position } = { high: this.#high, low: this.#low, length: this.#length, expiry: this.#expiry, position: this.#position };
    this.#slots *= 2;
    this.#high = new Uint32Array(this.#slots);
    this.#low = new Uint32Array(this.#slots);
    this.#length = new Uint32Array(this.#slots);
    this.#expiry = new Uint32Array(this.#slots);
    this.#position = new Float64Array(this.#slots);
    for (let slot = 0; slot < length.length; slot++) {
      if (length[slot] !== 0) this.#insert(high[slot], low[slot], length[slot], expiry[slot], position[slot]);
    }
  }
}
