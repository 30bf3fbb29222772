import { describe, expect, it } from 'vitest';

import { IdempotencyKeyMissingError } from '../../../lib/idempotency/errors.js';
import { canonicalJson, fingerprintOf } from '../../../lib/idempotency/fingerprint.js';
import { consumerScope, firstOf, fromMessageKeys, fromPayload, fromUniqueKey, keyInputOf, takeKey } from '../../../lib/idempotency/key.js';

describe('keys', () => {
  const payload = { order: { id: 42, lines: [{ sku: 'x' }] }, big: 2n ** 70n, empty: '', none: null, flag: true, unsafe: 2 ** 53 };

  it('are taken from the payload by path or function', () => {
    expect(takeKey(fromPayload('order.id'), { payload })).toBe('42');
    expect(takeKey(fromPayload('order.lines.0.sku'), { payload })).toBe('x');
    expect(takeKey(fromPayload('big'), { payload })).toBe('1180591620717411303424');
    expect(takeKey(fromPayload<typeof payload>((it) => `o-${it.order.id}`), { payload })).toBe('o-42');
    expect(takeKey(fromPayload('id'), { payload: { id: 0 } })).toBe('0');
  });

  it.each(['nothing', 'order.nothing.deeper', 'empty', 'none', 'flag', 'unsafe', 'order', 'toString', 'order.id.toFixed'])('are missing: %s', (path) => {
    expect(() => takeKey(fromPayload(path), { payload })).toThrow(IdempotencyKeyMissingError);
    expect(() => takeKey(fromPayload(path), { payload })).toThrow(`the payload's ${path}`);
  });

  it('are missing in payloads that are no objects', () => {
    for (const payload of [undefined, null, 'text', 7]) expect(() => takeKey(fromPayload('a'), { payload })).toThrow(/is missing/);
  });

  it('cannot be asked for by a path that is none', () => {
    for (const path of ['', '.', 'a..b', 'a.']) expect(() => fromPayload(path)).toThrow(/key path/);
  });

  it('are taken from the message, never from the offset id', () => {
    const message = { properties: { KEYS: 'k1', UNIQ_KEY: 'u1' }, msgId: 'offset', offsetMsgId: 'offset' };
    expect(takeKey(fromMessageKeys(), keyInputOf(message, {}))).toBe('k1');
    expect(takeKey(fromUniqueKey(), keyInputOf(message, {}))).toBe('u1');
    const bare = keyInputOf({ properties: {} }, {});
    expect(() => takeKey(fromUniqueKey(), bare)).toThrow(/UNIQ_KEY/);
    expect(() => takeKey(fromMessageKeys(), bare)).toThrow(IdempotencyKeyMissingError);
  });

  it('of a message with several need an index', () => {
    const input = { payload: undefined, keys: ' a  b ' };
    expect(() => takeKey(fromMessageKeys(), input)).toThrow(/ambiguous/);
    expect(takeKey(fromMessageKeys(1), input)).toBe('b');
    expect(() => takeKey(fromMessageKeys(2), input)).toThrow(/number 2/);
  });

  it('can come from the first source that has one', () => {
    const source = firstOf(fromPayload('id'), fromUniqueKey());
    expect(takeKey(source, { payload: { id: 'p' }, uniqueKey: 'u' })).toBe('p');
    expect(takeKey(source, { payload: {}, uniqueKey: 'u' })).toBe('u');
    expect(() => takeKey(source, { payload: {} })).toThrow(/the payload's id, or the message's unique id/);
  });

  it('are scoped by group and handler', () => {
    expect(consumerScope('orders', 'deduct')).toBe('orders/deduct');
  });
});

describe('fingerprints', () => {
  it('do not depend on the order of fields, only on content', () => {
    const one = { b: [1, { y: 2, x: undefined, z: null }], a: 'ü', 10: 1, 9: 2 };
    const same = JSON.parse('{"9":2,"10":1,"a":"\\u00fc","b":[1.0,{"z":null,"y":2e0}]}') as unknown;
    expect(fingerprintOf(one)).toBe(fingerprintOf(same));
    for (const other of [{ ...one, a: 'u' }, { ...one, b: [{ y: 2, z: null }, 1] }, { ...one, c: null }]) expect(fingerprintOf(other)).not.toBe(fingerprintOf(one));
  });

  it('are the SHA-256 of bytes and text as they are', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(fingerprintOf('abc')).toBe(abc);
    expect(fingerprintOf(Buffer.from('xabcx').subarray(1, 4))).toBe(abc);
    expect(fingerprintOf({})).toBe(fingerprintOf('{}'));
  });

  it('keep odd field names and honour toJSON', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1},"B":2,"a":3}'))).toBe('{"B":2,"__proto__":{"a":1},"a":3}');
    expect(canonicalJson({ at: new Date(0) })).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
    expect(() => fingerprintOf(1n)).toThrow(TypeError);
  });
});
