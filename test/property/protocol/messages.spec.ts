import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { encodeBatch, iterateBatch } from '../../../lib/protocol/message/batch-codec.js';
import { compressBody, decompressBody, withCompression } from '../../../lib/protocol/message/compression.js';
import type { HostAddress } from '../../../lib/protocol/message/message.js';
import { decodeOffsetMsgId, encodeOffsetMsgId } from '../../../lib/protocol/message/message-id.js';
import { decodeProperties, encodeProperties, propertyOf, withProperty, withoutProperty } from '../../../lib/protocol/message/properties.js';
import { decodeRecord, decodeRecords, encodeRecordInto, recordSizeOf, type RecordFields } from '../../../lib/protocol/message/stored-message-codec.js';
import { goldenRecords } from '../../golden/fixtures.js';

const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
const offset = fc.maxSafeInteger();
const host: fc.Arbitrary<HostAddress> = fc.record({ ip: fc.oneof(fc.ipV4(), fc.ipV6()), port: fc.integer({ min: 0, max: 65_535 }) });
const text = fc.string({ unit: 'grapheme' });
/** What a property's name may be, dangerous ones among them. */
const name = fc.oneof(fc.constantFrom('KEYS', 'TAGS', '__proto__', 'constructor', 'a'), fc.string({ minLength: 1 })).filter((value) => !/[\x01\x02]/.test(value));
const value = text.filter((candidate) => candidate !== '' && !candidate.includes('\x02'));
const properties = fc.array(fc.tuple(name, value), { maxLength: 8 }).map((entries) => Object.fromEntries(entries) as Record<string, string>);

const record: fc.Arbitrary<RecordFields> = fc.record({
  topic: fc.oneof(fc.string({ minLength: 1, maxLength: 127 }), fc.string({ minLength: 128, maxLength: 255 }), text),
  queueId: int32,
  flag: int32,
  queueOffset: offset,
  physicalOffset: offset,
  sysFlag: fc.constantFrom(0, 4, 8, 12, 0x30),
  bornTimestamp: offset,
  bornHost: host,
  storeTimestamp: offset,
  storeHost: host,
  reconsumeTimes: int32,
  preparedTransactionOffset: offset,
  body: fc.uint8Array({ maxLength: 400 }),
  properties: properties.map(encodeProperties),
});

function onlyOurErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RocketMqError)) throw error;
  }
}

describe('stored records', () => {
  it('survive a round trip and leave their surroundings alone', () => {
    fc.assert(
      fc.property(record, fc.nat(40), (fields, position) => {
        const size = recordSizeOf(fields);
        const target = Buffer.alloc(position + size + 9, 0x5a);
        expect(encodeRecordInto(target, position, fields)).toBe(size);
        expect([...target.subarray(0, position), ...target.subarray(position + size)].every((byte) => byte === 0x5a)).toBe(true);
        const { body, topic, queueOffset, commitLogOffset, bornTimestamp, storeTimestamp, preparedTransactionOffset, ...decoded } = decodeRecord(target, position, { checkCrc: true });
        expect({ topic, queueOffset, commitLogOffset, bornTimestamp, storeTimestamp, preparedTransactionOffset }).toEqual({
          topic: Buffer.from(fields.topic).toString(),
          queueOffset: fields.queueOffset,
          commitLogOffset: fields.physicalOffset,
          bornTimestamp: fields.bornTimestamp,
          storeTimestamp: fields.storeTimestamp,
          preparedTransactionOffset: fields.preparedTransactionOffset,
        });
        expect(body.equals(fields.body)).toBe(true);
        expect(decoded.properties).toEqual(decodeProperties(fields.properties));
        expect(decoded.offsetMsgId).toBe(encodeOffsetMsgId(fields.storeHost, fields.physicalOffset));
        // Written once more, the address has the same bytes: it may have been spelled differently before.
        expect(encodeOffsetMsgId(decoded.storeHost, fields.physicalOffset)).toBe(decoded.offsetMsgId);
        expect(decodeOffsetMsgId(decoded.offsetMsgId)).toEqual({ host: decoded.storeHost, physicalOffset: fields.physicalOffset });
      }),
      { numRuns: 300 },
    );
  });

  it('fail only with errors of this project when damaged, cut or made up', () => {
    const recorded = goldenRecords().map(({ recordHex }) => Buffer.from(recordHex, 'hex'));
    fc.assert(
      fc.property(fc.constantFrom(...recorded), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat(), (original, changes, cut) => {
        const bytes = Buffer.from(original);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        onlyOurErrors(() => decodeRecords(bytes));
        onlyOurErrors(() => decodeRecord(bytes.subarray(0, cut % bytes.length)));
      }),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => onlyOurErrors(() => decodeRecords(Buffer.from(bytes)))));
  });
});

describe('batches', () => {
  it('survive a round trip', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ flag: int32, body: fc.uint8Array({ maxLength: 60 }), properties }), { maxLength: 6 }), (messages) => {
        const elements = iterateBatch(encodeBatch(messages));
        expect(elements.map((element) => ({ flag: element.flag, body: element.body.toString('hex'), properties: decodeProperties(element.properties) }))).toEqual(
          messages.map((message) => ({ flag: message.flag, body: Buffer.from(message.body).toString('hex'), properties: decodeProperties(encodeProperties(message.properties)) })),
        );
      }),
    );
  });

  it('fail only with errors of this project, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => onlyOurErrors(() => iterateBatch(Buffer.from(bytes)))), { numRuns: 500 });
  });
});

describe('properties', () => {
  it('survive a round trip', () => {
    fc.assert(
      fc.property(properties, (map) => {
        expect(Object.entries(decodeProperties(encodeProperties(map)))).toEqual(Object.entries(map));
      }),
    );
  });

  it('are found, set and removed in place as in the map', () => {
    fc.assert(
      fc.property(properties, name, value, (map, key, text) => {
        const encoded = encodeProperties(map);
        const own = Object.hasOwn(map, key) ? map[key] : undefined;
        expect(propertyOf(encoded, key)).toBe(own);
        expect(propertyOf(withProperty(encoded, key, text), key)).toBe(text);
        expect(decodeProperties(withoutProperty(encoded, key))).toEqual(Object.fromEntries(Object.entries(map).filter(([other]) => other !== key)));
      }),
    );
  });

  it('of any text are found as the full reader finds them', () => {
    const pieces = fc.array(fc.constantFrom('a', 'b', '\x01', '\x02', 'ab'), { maxLength: 24 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pieces, fc.constantFrom('a', 'b', 'ab', 'ba'), (encoded, key) => {
        const all = decodeProperties(encoded);
        expect(propertyOf(encoded, key)).toBe(Object.hasOwn(all, key) ? all[key] : undefined);
        expect(propertyOf(withoutProperty(encoded, key), key)).toBeUndefined();
        expect(propertyOf(withProperty(encoded, key, 'v'), key)).toBe('v');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compression', () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 500 }),
    fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 3000 })).map(([unit, times]) => Buffer.concat(Array.from({ length: times }, () => Buffer.from(unit)))),
  );

  it.each(['zlib', 'lz4'] as const)('with %s survives a round trip', (type) => {
    fc.assert(
      fc.property(body, (bytes) => {
        expect(decompressBody(compressBody(bytes, type), withCompression(0, type)).equals(bytes)).toBe(true);
      }),
    );
  });

  it.each(['zlib', 'lz4', 'zstd'] as const)('marked as %s fails only with errors of this project, whatever the bytes', (type) => {
    const magic = { zlib: '789c', lz4: '04224d18', zstd: '28b52ffd' }[type];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), fc.boolean(), (bytes, plausible) => {
        const packed = plausible ? Buffer.concat([Buffer.from(magic, 'hex'), bytes]) : Buffer.from(bytes);
        onlyOurErrors(() => decompressBody(packed, withCompression(0, type), 1_000_000));
      }),
      { numRuns: 1000 },
    );
  });
});
