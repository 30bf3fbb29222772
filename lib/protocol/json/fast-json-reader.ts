import { RocketMqError } from '../../errors/rocketmq-error.js';

/** Deepest nesting accepted; Apache's bodies have less than ten levels. */
const MAX_DEPTH = 100;

const QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** A bare word: a number, a literal, or an unquoted name. */
const WORD = /[-+.\w$]+/y;
const BLANKS = /[\s\uFEFF]*/y;
const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** One pass over a text of fastjson's dialect; see `fast-json.ts`. */
export class FastJsonReader {
  readonly #text: string;
  readonly #canonical: (key: unknown) => string;
  #position = 0;
  #depth = 0;

  /** @param canonical turns an object that serves as key into the string that stands for it */
  constructor(text: string, canonical: (key: unknown) => string) {
    this.#text = text;
    this.#canonical = canonical;
  }

  /** @throws RocketMqError `PROTOCOL_MALFORMED_BODY` */
  read(): unknown {
    const value = this.#value();
    this.#skipBlanks();
    if (this.#position < this.#text.length) throw this.#unexpected('the end');
    return value;
  }

  #value(): unknown {
    this.#skipBlanks();
    switch (this.#text.charCodeAt(this.#position)) {
      case OPEN_BRACE:
        return this.#nested(() => this.#object());
      case OPEN_BRACKET:
        return this.#nested(() => this.#array());
      case QUOTE:
      case SINGLE_QUOTE:
        return this.#string();
      default:
        return this.#literal();
    }
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw malformed(`nests deeper than ${MAX_DEPTH} levels`);
    this.#position++;
    const value = read();
    this.#depth--;
    return value;
  }

  #array(): unknown[] {
    const items: unknown[] = [];
    while (!this.#closes(CLOSE_BRACKET)) items.push(this.#value());
    return items;
  }

  #object(): Record<string, unknown> | Map<string, unknown> {
    const members: [string, unknown][] = [];
    let objectKeys = false;
    while (!this.#closes(CLOSE_BRACE)) {
      const key = this.#key();
      if (typeof key !== 'string') objectKeys = true;
      this.#skipBlanks();
      if (this.#text.charCodeAt(this.#position) !== COLON) throw this.#unexpected('":"');
      this.#position++;
      members.push([typeof key === 'string' ? key : this.#canonical(key), this.#value()]);
    }
    // fromEntries defines members, so that a name like "__proto__" is just a name.
    return objectKeys ? new Map(members) : Object.fromEntries(members);
  }

  /** Whether the list ends here; else steps over the commas before the next item. fastjson, too, takes any number of commas. */
  #closes(close: number): boolean {
    this.#skipBlanks();
    while (this.#text.charCodeAt(this.#position) === COMMA) {
      this.#position++;
      this.#skipBlanks();
    }
    if (this.#text.charCodeAt(this.#position) !== close) return false;
    this.#position++;
    return true;
  }

  #key(): unknown {
    const char = this.#text.charCodeAt(this.#position);
    if (char === QUOTE || char === SINGLE_QUOTE) return this.#string();
    if (char === OPEN_BRACE) return this.#nested(() => this.#object());
    return this.#word();
  }

  #string(): string {
    const quote = this.#text[this.#position];
    const start = this.#position;
    let end = this.#text.indexOf(quote, start + 1);
    while (end > 0 && this.#escaped(start + 1, end)) end = this.#text.indexOf(quote, end + 1);
    if (end < 0) throw malformed('ends within a string');
    this.#position = end + 1;
    const raw = this.#text.slice(start + 1, end);
    return raw.includes('\\') ? this.#unescape(raw, start) : raw;
  }

  #escaped(start: number, at: number): boolean {
    let backslashes = 0;
    while (at - backslashes > start && this.#text.charCodeAt(at - backslashes - 1) === BACKSLASH) backslashes++;
    return backslashes % 2 === 1;
  }

  #unescape(raw: string, start: number): string {
    return raw.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^]))/g, (_match, unicode: string | undefined, byte: string | undefined, single: string) => {
      const hex = unicode ?? byte;
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      const char = ESCAPES[single];
      if (char === undefined) throw malformed(`has the unknown escape "\\${single}" in the string at character ${start}`);
      return char;
    });
  }

  #literal(): unknown {
    const word = this.#word();
    switch (word) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'null':
      case 'undefined':
        return null;
      case 'NaN':
        return Number.NaN;
      default:
        return this.#number(word);
    }
  }

  #number(word: string): number | bigint {
    if (!NUMBER.test(word)) {
      this.#position -= word.length;
      throw this.#unexpected('a value');
    }
    const value = Number(word);
    if (!INTEGER.test(word) || Number.isSafeInteger(value)) return value;
    if (word.length > MAX_INTEGER_LENGTH) throw malformed(`has an integer of ${word.length} digits`);
    return BigInt(word.startsWith('+') ? word.slice(1) : word);
  }

  #word(): string {
    WORD.lastIndex = this.#position;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) throw this.#unexpected('a name or a value');
    this.#position += word.length;
    return word;
  }

  #skipBlanks(): void {
    if (this.#text.charCodeAt(this.#position) > 0x20) return;
    BLANKS.lastIndex = this.#position;
    this.#position += BLANKS.exec(this.#text)?.[0].length ?? 0;
  }

  #unexpected(expected: string): RocketMqError {
    const found = this.#position < this.#text.length ? JSON.stringify(this.#text.slice(this.#position, this.#position + 20)) : 'the end';
    return malformed(`has ${found} at character ${this.#position}; expected ${expected}`);
  }
}

/** Longer integers cannot come from a Java long; converting them would only cost time. */
const MAX_INTEGER_LENGTH = 40;

const ESCAPES: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null) as Record<string, string>, {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  F: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '0': '\0',
});

function malformed(problem: string): RocketMqError {
  return new RocketMqError('PROTOCOL_MALFORMED_BODY', `the JSON text ${problem}`);
}
