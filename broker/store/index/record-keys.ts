import { javaHashCode } from '../../../lib/protocol/message/tags-code.js';
import { TRANSACTION_ROLLBACK_TYPE, transactionTypeOf } from '../../../lib/protocol/message/message-sys-flag.js';
import { sysFlagAt } from '../../../lib/protocol/message/stored-message-codec.js';
import { locateText, type RecordText } from '../commit-log/record-examiner.js';
import { indexHash } from './index-header.js';

const NAME_END = 1;
const PAIR_END = 2;
const BLANK = 0x20;
const HASH_SIGN = 0x23;
const UNIQ_KEY = Buffer.from('UNIQ_KEY');
const KEYS = Buffer.from('KEYS');

/** Finds the keys of a stored record and hashes them, on the bytes: nothing is decoded while they are ASCII. */
export class RecordKeys {
  readonly #text: RecordText = { topicStart: 0, topicEnd: 0, propertiesStart: 0, propertiesEnd: 0 };
  #uniqueStart = 0;
  #uniqueEnd = 0;
  #keysStart = 0;
  #keysEnd = 0;

  /** Calls `visit` with the index hash of each key: the unique one, then each of KEYS. Rolled back halves have none. Apache: IndexService.java, buildIndex */
  forEachHash(buffer: Buffer, position: number, visit: (hash: number) => void): void {
    if (transactionTypeOf(sysFlagAt(buffer, position)) === TRANSACTION_ROLLBACK_TYPE) return;
    const text = locateText(buffer, position, this.#text);
    this.#findProperties(buffer, text);
    if (this.#uniqueEnd <= this.#uniqueStart && this.#keysEnd <= this.#keysStart) return;
    const topicHash = (Math.imul(hashOf(buffer, text.topicStart, text.topicEnd, 0), 31) + HASH_SIGN) | 0;
    if (this.#uniqueEnd > this.#uniqueStart) visit(indexHash(hashOf(buffer, this.#uniqueStart, this.#uniqueEnd, topicHash)));
    let start = this.#keysStart;
    for (let at = start; at <= this.#keysEnd; at++) {
      if (at < this.#keysEnd && buffer[at] !== BLANK) continue;
      if (at > start) visit(indexHash(hashOf(buffer, start, at, topicHash)));
      start = at + 1;
    }
  }

  /** Whether the record of this topic carries `key`. */
  static has(record: Buffer, topic: string, key: string): boolean {
    const text = locateText(record, 0, { topicStart: 0, topicEnd: 0, propertiesStart: 0, propertiesEnd: 0 });
    if (record.toString('utf8', text.topicStart, text.topicEnd) !== topic) return false;
    const keys = new RecordKeys();
    keys.#findProperties(record, text);
    if (record.toString('utf8', keys.#uniqueStart, keys.#uniqueEnd) === key) return true;
    return record.toString('utf8', keys.#keysStart, keys.#keysEnd).split(' ').includes(key);
  }

  /** Of several pairs with one name the last counts; those without a value do not. */
  #findProperties(buffer: Buffer, text: RecordText): void {
    this.#uniqueStart = this.#uniqueEnd = this.#keysStart = this.#keysEnd = 0;
    let start = text.propertiesStart;
    while (start < text.propertiesEnd) {
      let nameEnd = start;
      while (nameEnd < text.propertiesEnd && buffer[nameEnd] !== NAME_END && buffer[nameEnd] !== PAIR_END) nameEnd += 1;
      let end = nameEnd;
      while (end < text.propertiesEnd && buffer[end] !== PAIR_END) end += 1;
      if (end > nameEnd + 1) this.#note(buffer, start, nameEnd, end);
      start = end + 1;
    }
  }

  #note(buffer: Buffer, start: number, nameEnd: number, end: number): void {
    if (isName(buffer, start, nameEnd, UNIQ_KEY)) {
      this.#uniqueStart = nameEnd + 1;
      this.#uniqueEnd = end;
    } else if (isName(buffer, start, nameEnd, KEYS)) {
      this.#keysStart = nameEnd + 1;
      this.#keysEnd = end;
    }
  }
}

function isName(buffer: Buffer, start: number, end: number, name: Buffer): boolean {
  if (end - start !== name.length) return false;
  for (let index = 0; index < name.length; index++) if (buffer[start + index] !== name[index]) return false;
  return true;
}

/** Java's hash of the text, going on from `seed`. */
function hashOf(buffer: Buffer, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let at = start; at < end; at++) {
    const byte = buffer[at];
    if (byte > 0x7f) return hashOfText(buffer.toString('utf8', start, end), seed);
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  return hash;
}

function hashOfText(text: string, seed: number): number {
  if (seed === 0) return javaHashCode(text);
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}
