import { describe, expect, it } from 'vitest';
import { encodeBatch } from '../../../../lib/protocol/message/batch-codec.js';
import { INNER_BATCH_FLAG, NEED_UNWRAP_FLAG } from '../../../../lib/protocol/message/message-sys-flag.js';
import {
  decodeRecord,
  decodeRecords,
  encodeRecordInto,
  MAGIC_BLANK,
  MAGIC_OFFSET,
  MAGIC_V1,
  MAGIC_V2,
  magicAt,
  MIN_RECORD_BYTES,
  recordSizeOf,
  type RecordFields,
} from '../../../../lib/protocol/message/stored-message-codec.js';

const FIELDS: RecordFields = {
  topic: 'T',
  queueId: 1,
  flag: 0,
  queueOffset: 5,
  physicalOffset: 1000,
  sysFlag: 0,
  bornTimestamp: 1,
  bornHost: { ip: '127.0.0.1', port: 1 },
  storeTimestamp: 2,
  storeHost: { ip: '127.0.0.1', port: 2 },
  reconsumeTimes: 0,
  preparedTransactionOffset: 0,
  body: Buffer.from('hello'),
  properties: 'TAGS\u0001a\u0002',
};

function record(changes: Partial<RecordFields> = {}): Buffer {
  const fields = { ...FIELDS, ...changes };
  const target = Buffer.alloc(recordSizeOf(fields));
  encodeRecordInto(target, 0, fields);
  return target;
}

describe('stored records', () => {
  it('have the overhead the store reckons with', () => {
    expect(record({ topic: '', body: Buffer.alloc(0), properties: '' })).toHaveLength(MIN_RECORD_BYTES);
    expect(recordSizeOf({ ...FIELDS, topic: 'x'.repeat(128) }) - recordSizeOf({ ...FIELDS, topic: 'x'.repeat(127) })).toBe(2);
    expect(recordSizeOf({ ...FIELDS, storeHost: { ip: '::1', port: 1 } }) - recordSizeOf(FIELDS)).toBe(12);
  });

  it.each([
    [127, 1, MAGIC_V1],
    [128, 2, MAGIC_V2],
  ])('with a topic of %d bytes write its length in %d and the magic that says so', (length, lengthBytes, magic) => {
    const bytes = record({ topic: 'x'.repeat(length) });
    expect(magicAt(bytes, 0)).toBe(magic);
    expect(bytes.readUIntBE(93, lengthBytes)).toBe(length);
    expect(decodeRecord(bytes).topic).toHaveLength(length);
  });

  it.each([
    ['ASCII', 'a'.repeat(100)],
    ['long ASCII', 'a'.repeat(5000)],
    ['text beyond ASCII', `k\u0001${'ü订🚀'.repeat(20)}\u0002`],
  ])('carry properties of %s', (_name, properties) => {
    const bytes = record({ properties });
    expect(bytes.subarray(bytes.length - Buffer.byteLength(properties)).toString()).toBe(properties);
  });

  it('refuse properties over 32767 bytes', () => {
    const properties = 'ü'.repeat(16_384);
    expect(() => recordSizeOf({ ...FIELDS, properties })).toThrow(expect.objectContaining({ code: 'MESSAGE_ILLEGAL' }));
    expect(() => encodeRecordInto(Buffer.alloc(40_000), 0, { ...FIELDS, properties })).toThrow('32767');
  });

  it.each(['localhost', '1.2.3', '1.2.3.256', '1.2.3.4.5', '', '1..2.3', '::g', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9'])('refuse the host %j', (ip) => {
    expect(() => encodeRecordInto(Buffer.alloc(400), 0, { ...FIELDS, bornHost: { ip, port: 1 } })).toThrow('not an IPv4 or IPv6 address');
  });

  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['FE80::1%eth0', 'fe80::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:0:2:0:3:0:4:0', '1:0:2:0:3:0:4:0'],
    ['::ffff:1.2.3.4', '::ffff:102:304'],
    ['1::', '1::'],
    ['a0:b0:0:0:0:0:0:10', 'a0:b0::10'],
  ])('store the address %s as %s', (ip, canonical) => {
    expect(decodeRecord(record({ bornHost: { ip, port: 9 } })).bornHost).toEqual({ ip: canonical, port: 9 });
  });

  it('are checked against their CRC when asked to', () => {
    const damaged = record();
    damaged[MIN_RECORD_BYTES - 2] ^= 1;
    expect(decodeRecord(damaged).body.toString()).not.toBe('hello');
    expect(() => decodeRecord(damaged, 0, { checkCrc: true })).toThrow(expect.objectContaining({ code: 'MESSAGE_CRC_MISMATCH' }));
  });

  it('are refused when cut, blank or lying about their lengths', () => {
    const blank = record();
    blank.writeInt32BE(MAGIC_BLANK, MAGIC_OFFSET);
    expect(() => decodeRecord(blank)).toThrow('magic');
    expect(() => decodeRecord(record().subarray(0, 95))).toThrow('claims');
    for (const [at, what] of [
      [84, 'body'],
      [0, 'claims'],
    ] as const) {
      const lying = record();
      lying.writeInt32BE(0x7fff_ffff, at);
      expect(() => decodeRecord(lying)).toThrow(what);
    }
  });

  it('that hold a batch are taken apart', () => {
    const body = encodeBatch([
      { flag: 1, body: Buffer.from('one'), properties: { UNIQ_KEY: 'A' } },
      { flag: 2, body: Buffer.from('two') },
    ]);
    const messages = decodeRecords(Buffer.concat([record(), record({ body, sysFlag: NEED_UNWRAP_FLAG | INNER_BATCH_FLAG })]), { brokerName: 'b' });
    expect(messages.map((message) => [message.body.toString(), message.flag, message.queueOffset, message.msgId === 'A', message.brokerName])).toEqual([
      ['hello', 0, 5, false, 'b'],
      ['one', 1, 5, true, 'b'],
      ['two', 2, 6, false, 'b'],
    ]);
  });
});
