/**
 * Java's `.properties` text. A line is `key=value`, `key:value` or `key value`; `#` and `!` begin comments; a `\` at the end of
 * a line continues it; `\t \n \r \f \uXXXX` are escapes and any other escaped character stands for itself. Files are ISO-8859-1.
 * Apache's configuration files are read with `java.util.Properties`, so these rules decide what an existing file means.
 */

const WHITESPACE = new Set([' ', '\t', '\f']);
const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/** A line of a properties file that cannot be read. */
export class MalformedPropertiesError extends Error {
  constructor(
    readonly line: number,
    what: string,
  ) {
    super(`line ${line}: ${what}`);
    this.name = 'MalformedPropertiesError';
  }
}

/**
 * Reads properties; of a repeated key the last value counts. Bytes are taken as ISO-8859-1, a string as it is.
 * @throws MalformedPropertiesError for a `\u` without four hexadecimal digits
 */
export function parseProperties(content: Uint8Array | string): Map<string, string> {
  const text = typeof content === 'string' ? content : Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
  const properties = new Map<string, string>();
  for (const { text: line, number } of logicalLines(text)) {
    const [rawKey, rawValue] = splitLine(line);
    properties.set(unescape(rawKey, number), unescape(rawValue, number));
  }
  return properties;
}

/** Writes properties as `key=value` lines in the given order, escaped so that {@link parseProperties} returns the same. */
export function formatProperties(properties: Iterable<readonly [string, string]>): string {
  let text = '';
  for (const [key, value] of properties) text += `${escapeText(key, true)}=${escapeText(value, false)}\n`;
  return text;
}

/** `text` with some properties changed; everything else, comments included, stays as it is. */
export function changeProperties(text: string, changes: ReadonlyMap<string, string>): string {
  const dropped = new Set<number>();
  for (const line of logicalLines(text)) {
    const key = unescape(splitLine(line.text)[0], line.number);
    if (changes.has(key)) for (let number = line.number; number <= line.lastNumber; number++) dropped.add(number);
  }
  const kept = physicalLines(text).filter((_line, index) => !dropped.has(index + 1));
  while (kept.at(-1) === '') kept.pop();
  return kept.map((line) => `${line}\n`).join('') + formatProperties(changes);
}

function physicalLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

function* logicalLines(text: string): Generator<{ text: string; number: number; lastNumber: number }> {
  const lines = physicalLines(text);
  for (let index = 0; index < lines.length; index++) {
    const number = index + 1;
    let line = skipWhitespace(lines[index]);
    if (line === '' || line[0] === '#' || line[0] === '!') continue;
    while (endsWithOddBackslashes(line)) {
      line = line.slice(0, -1);
      if (index + 1 >= lines.length) break;
      index += 1;
      line += skipWhitespace(lines[index]);
    }
    yield { text: line, number, lastNumber: Math.min(index + 1, lines.length) };
  }
}

function skipWhitespace(line: string): string {
  let start = 0;
  while (start < line.length && WHITESPACE.has(line[start])) start += 1;
  return line.slice(start);
}

function endsWithOddBackslashes(line: string): boolean {
  let count = 0;
  while (count < line.length && line[line.length - 1 - count] === '\\') count += 1;
  return count % 2 === 1;
}

/** Key and value, still escaped: the key ends at the first unescaped `=`, `:` or blank. */
function splitLine(line: string): [string, string] {
  let end = 0;
  while (end < line.length && line[end] !== '=' && line[end] !== ':' && !WHITESPACE.has(line[end])) end += line[end] === '\\' ? 2 : 1;
  let rest = skipWhitespace(line.slice(end));
  if (rest[0] === '=' || rest[0] === ':') rest = skipWhitespace(rest.slice(1));
  return [line.slice(0, end), rest];
}

function unescape(text: string, line: number): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(u[\s\S]{0,4}|[\s\S]?)/g, (_whole, escaped: string) => {
    if (escaped[0] !== 'u') return ESCAPES[escaped] ?? escaped;
    if (!/^u[0-9a-fA-F]{4}$/.test(escaped)) throw new MalformedPropertiesError(line, `"\\${escaped}" is no character; write \\u and four hexadecimal digits`);
    return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
  });
}

function escapeText(text: string, isKey: boolean): string {
  let result = '';
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    const code = text.charCodeAt(index);
    if (char === '\\') result += '\\\\';
    else if (char === '\t') result += '\\t';
    else if (char === '\n') result += '\\n';
    else if (char === '\r') result += '\\r';
    else if (char === '\f') result += '\\f';
    else if (char === ' ' && (isKey || index === 0)) result += '\\ ';
    else if (isKey && (char === '=' || char === ':' || char === '#' || char === '!')) result += `\\${char}`;
    else if (code < 0x20 || code > 0x7e) result += `\\u${code.toString(16).padStart(4, '0')}`;
    else result += char;
  }
  return result;
}
