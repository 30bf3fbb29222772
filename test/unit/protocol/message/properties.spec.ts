import { describe, expect, it } from 'vitest';
import { decodeProperties, encodeProperties, isReservedProperty, propertyOf, withoutProperty, withProperty } from '../../../../lib/protocol/message/properties.js';

describe('properties', () => {
  it('take records and maps and leave out undefined values', () => {
    expect(encodeProperties({ a: '1', b: undefined })).toBe('a\u00011\u0002');
    expect(encodeProperties(new Map([['a', '1']]))).toBe('a\u00011\u0002');
  });

  it.each([[{ '': 'x' }], [{ 'a\u0001': 'x' }], [{ a: 'x\u0002' }]])('refuse to write %j', (properties) => {
    expect(() => encodeProperties(properties)).toThrow(expect.objectContaining({ code: 'MESSAGE_ILLEGAL' }));
    expect(() => withProperty('', ...(Object.entries(properties)[0] as [string, string]))).toThrow('separators');
  });

  it('close the last pair before another is appended', () => {
    expect(withProperty('a\u00011', 'b', '2')).toBe('a\u00011\u0002b\u00012\u0002');
    expect(withProperty('a\u00011\u0002b\u00012\u0002', 'a', '3')).toBe('b\u00012\u0002a\u00013\u0002');
    expect(withoutProperty('a\u00011', 'a')).toBe('');
  });

  it('are found by their whole name only', () => {
    const text = 'XTAGS\u0001x\u0002TAGS\u0001a\u0002v\u0001TAGS\u0001\u0002';
    expect(propertyOf(text, 'TAGS')).toBe('a');
    expect(propertyOf(text, 'AGS')).toBeUndefined();
  });

  it('keep dangerous names as names', () => {
    const properties = decodeProperties('__proto__\u0001x\u0002constructor\u0001y\u0002');
    expect(Object.entries(properties)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
  });

  it('know the names users may not take', () => {
    expect(['KEYS', 'UNIQ_KEY', '__RMQ.TRANSIENT.x', 'mine'].map(isReservedProperty)).toEqual([true, true, true, false]);
  });
});
