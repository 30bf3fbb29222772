import { describe, expect, it } from 'vitest';
import { parseFastJson, stringifyFastJson } from '../../../../lib/protocol/json/fast-json.js';

describe('parseFastJson', () => {
  it.each([
    ['{0:"a",1:{-2:3}}', { 0: 'a', 1: { '-2': 3 } }],
    ["{'a':'b\\'c',d:1}", { a: "b'c", d: 1 }],
    ['{"a":1,,"b":[1,,2,],}', { a: 1, b: [1, 2] }],
    [' \n\t{ "a" : [ true , false , null ] } ', { a: [true, false, null] }],
    ['"\\u00e9\\n\\x41\\/\\0"', 'é\nA/\0'],
    ['[1.5,-0.25,1e3,.5,+7]', [1.5, -0.25, 1000, 0.5, 7]],
    ['[9007199254740991,9007199254740993,-9223372036854775808]', [9007199254740991, 9007199254740993n, -9223372036854775808n]],
  ])('reads %s', (text, value) => {
    expect(parseFastJson(text)).toEqual(value);
  });

  it('reads object keys as their canonical JSON', () => {
    const parsed = parseFastJson('{"offsetTable":{{"topic":"t","queueId":0,"brokerName":"b"}:5,{"queueId":1, "brokerName":"b","topic":"t"}:6}}');
    expect(parsed).toEqual({
      offsetTable: new Map([
        ['{"brokerName":"b","queueId":0,"topic":"t"}', 5],
        ['{"brokerName":"b","queueId":1,"topic":"t"}', 6],
      ]),
    });
  });

  it.each(['', '{', '{"a"', '{"a":', '{"a":1', '[1', '"abc', '{"a" 1}', '{a b:1}', '1 2', '}', 'nope', '{"a":"\\q"}', '--1', '1.2.3', '[1;2]', `1${'0'.repeat(100)}`])(
    'refuses %j',
    (text) => {
      expect(() => parseFastJson(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL_MALFORMED_BODY' }));
    },
  );

  it('refuses to nest without end, in values and in keys', () => {
    for (const open of ['[', '{"a":', '{']) expect(() => parseFastJson(open.repeat(100_000))).toThrow('nests deeper');
  });

  it('makes "__proto__" an ordinary member', () => {
    const parsed = parseFastJson('{"__proto__":{"x":1}}') as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(['__proto__']);
    expect(parsed.x).toBeUndefined();
  });

  it('is quick with strings full of escapes and quotes', () => {
    const text = JSON.stringify('\\"'.repeat(200_000));
    expect((parseFastJson(text) as string).length).toBe(400_000);
  });
});

describe('stringifyFastJson', () => {
  it('writes names in order, integer names in theirs, and nothing for null and undefined', () => {
    expect(stringifyFastJson({ b: 1, a: { 10: 'x', 2: 'y' }, c: null, d: undefined, e: [null, true], f: 2n ** 60n, g: new Set(['s']) })).toBe(
      '{"a":{"2":"y","10":"x"},"b":1,"e":[null,true],"f":1152921504606846976,"g":["s"]}',
    );
  });

  it('writes object keys as objects, the form every reader takes', () => {
    expect(stringifyFastJson(new Map([['{"queueId":0}', 1], ['plain', 2]]))).toBe('{{"queueId":0}:1,"plain":2}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) => {
    expect(() => stringifyFastJson({ value })).toThrow('cannot be written');
  });
});
