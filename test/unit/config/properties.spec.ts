import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { changeProperties, formatProperties, parseProperties } from '../../../broker/config/properties.js';

const read = (text: string): Record<string, string> => Object.fromEntries(parseProperties(text));

test.each<[string, Record<string, string>]>([
  ['a=1\nb:2\nc 3\nd\t=\t4', { a: '1', b: '2', c: '3', d: '4' }],
  ['# no\n! no\n   # no\n\n  \na=1', { a: '1' }],
  ['a = 1 ', { a: '1 ' }],
  ['a', { a: '' }],
  ['a=', { a: '' }],
  ['a==b=c', { a: '=b=c' }],
  ['a=b:c', { a: 'b:c' }],
  ['a=1\\\n   2\\\r\n3', { a: '123' }],
  ['a=1\\\n# still the value', { a: '1# still the value' }],
  ['a=ends with backslash\\\\\nb=2', { a: 'ends with backslash\\', b: '2' }],
  ['a\\=b\\ c\\:d=1', { 'a=b c:d': '1' }],
  ['p=C:\\\\store\\\\a', { p: 'C:\\store\\a' }],
  ['p=\\t\\n\\r\\f\\q\\u0041\\u4e2d', { p: '\t\n\r\fqA中' }],
  ['a=1\ra=2', { a: '2' }],
  ['a=\\\n', { a: '' }],
  ['a=1\\', { a: '1' }],
])('%j reads as Java reads it', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test('bytes are ISO-8859-1', () => {
  expect(Object.fromEntries(parseProperties(Buffer.from([0x6e, 0x3d, 0xfc])))).toEqual({ n: 'ü' });
});

test('a broken \\u names its line', () => {
  expect(() => parseProperties('a=1\n\nb=\\u12x4')).toThrow(/^line 3: "\\u12x4" is no character/);
});

test('what is written reads back the same', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('\\', ' ', '=', ':', '#', '!', '\n', '\r', '\t', '\f', 'a', 'ü', '中') }));
  fc.assert(
    fc.property(fc.dictionary(text, text), (properties) => {
      const entries = Object.entries(properties);
      expect([...parseProperties(formatProperties(entries))]).toEqual(entries);
    }),
  );
});

test('a change leaves comments and other keys as they are', () => {
  const text = '# why\na=1\nb = 2\\\n   3\n! more\nc:4\n\n';
  expect(changeProperties(text, new Map([['b', 'x y'], ['new', '1']]))).toBe('# why\na=1\n! more\nc:4\nb=x y\nnew=1\n');
  expect(changeProperties('', new Map([['a', '1']]))).toBe('a=1\n');
});
