import { describe, expect, it } from 'vitest';
import { encodeBatch, iterateBatch } from '../../../lib/protocol/message/batch-codec.js';
import { readHost, writeHost } from '../../../lib/protocol/message/host-bytes.js';
import type { HostAddress } from '../../../lib/protocol/message/message.js';
import { decodeOffsetMsgId, encodeOffsetMsgId } from '../../../lib/protocol/message/message-id.js';
import { decodeProperties, encodeProperties, propertyOf } from '../../../lib/protocol/message/properties.js';
import {
  bodyAt,
  bornTimestampAt,
  decodeRecord,
  decodeRecords,
  encodeRecordInto,
  magicAt,
  physicalOffsetAt,
  preparedTransactionOffsetAt,
  propertiesAt,
  queueIdAt,
  queueOffsetAt,
  reconsumeTimesAt,
  recordSizeAt,
  recordSizeOf,
  storeHostAt,
  storeTimestampAt,
  sysFlagAt,
  topicAt,
} from '../../../lib/protocol/message/stored-message-codec.js';
import { tagsCodeOf } from '../../../lib/protocol/message/tags-code.js';
import { goldenBatches, goldenIds, goldenProperties, goldenRecords, goldenTagsCodes } from '../fixtures.js';

/** `address:port`, the address normalised to the form we print. */
function host(text: string): HostAddress {
  const colon = text.lastIndexOf(':');
  const address = { ip: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
  const bytes = Buffer.alloc(20);
  const end = writeHost(bytes, 0, address);
  return readHost(bytes, 0, end === 20);
}

describe('stored records recorded from Apache', () => {
  it.each(goldenRecords())('reads $name as the client does', ({ recordHex, decoded }) => {
    const message = decodeRecord(Buffer.from(recordHex, 'hex'), 0, { checkCrc: true, brokerName: 'b' });
    const { physicalOffset, bodyBase64, bornHost, storeHost, ...same } = decoded;
    expect(message).toMatchObject({ ...same, commitLogOffset: physicalOffset, brokerName: 'b', bornHost: host(bornHost), storeHost: host(storeHost) });
    expect(message.body.toString('base64')).toBe(bodyBase64);
    expect(message.msgId).toBe(decoded.properties.UNIQ_KEY ?? decoded.offsetMsgId);
  });

  it.each(goldenRecords())('writes $name byte for byte', ({ recordHex }) => {
    const recorded = Buffer.from(recordHex, 'hex');
    const message = decodeRecord(recorded, 0, { decompress: false });
    const fields = { ...message, physicalOffset: message.commitLogOffset, properties: propertiesAt(recorded, 0) };
    const target = Buffer.alloc(recorded.length + 7, 0xee);
    expect(recordSizeOf(fields)).toBe(recorded.length);
    expect(encodeRecordInto(target, 3, fields)).toBe(recorded.length);
    expect(target.subarray(3, 3 + recorded.length).toString('hex')).toBe(recordHex);
    expect(target.subarray(3 + recorded.length)).toEqual(Buffer.alloc(4, 0xee));
  });

  it.each(goldenRecords())('finds single fields of $name in place', ({ recordHex, decoded }) => {
    const buffer = Buffer.concat([Buffer.alloc(5), Buffer.from(recordHex, 'hex')]);
    const stored = decodeRecord(buffer, 5, { decompress: false });
    expect({
      storeSize: recordSizeAt(buffer, 5),
      queueId: queueIdAt(buffer, 5),
      queueOffset: queueOffsetAt(buffer, 5),
      physicalOffset: physicalOffsetAt(buffer, 5),
      sysFlag: sysFlagAt(buffer, 5),
      bornTimestamp: bornTimestampAt(buffer, 5),
      storeTimestamp: storeTimestampAt(buffer, 5),
      storeHost: storeHostAt(buffer, 5),
      reconsumeTimes: reconsumeTimesAt(buffer, 5),
      preparedTransactionOffset: preparedTransactionOffsetAt(buffer, 5),
      topic: topicAt(buffer, 5),
      properties: decodeProperties(propertiesAt(buffer, 5)),
      body: bodyAt(buffer, 5),
    }).toEqual({
      storeSize: decoded.storeSize,
      queueId: decoded.queueId,
      queueOffset: decoded.queueOffset,
      physicalOffset: decoded.physicalOffset,
      sysFlag: stored.sysFlag,
      bornTimestamp: decoded.bornTimestamp,
      storeTimestamp: decoded.storeTimestamp,
      storeHost: host(decoded.storeHost),
      reconsumeTimes: decoded.reconsumeTimes,
      preparedTransactionOffset: decoded.preparedTransactionOffset,
      topic: decoded.topic,
      properties: decoded.properties,
      body: stored.body,
    });
    expect([0xdaa320a7 | 0, 0xdaa320ab | 0]).toContain(magicAt(buffer, 5));
  });

  it('reads records that lie one after another', () => {
    const records = goldenRecords();
    const messages = decodeRecords(Buffer.concat(records.map(({ recordHex }) => Buffer.from(recordHex, 'hex'))));
    expect(messages.map(({ offsetMsgId }) => offsetMsgId)).toEqual(records.map(({ decoded }) => decoded.offsetMsgId));
  });
});

describe('batches recorded from Apache', () => {
  it.each(goldenBatches())('reads and writes $name', ({ bodyHex, messages }) => {
    const elements = iterateBatch(Buffer.from(bodyHex, 'hex'));
    expect(elements.map(({ flag, body, properties }) => ({ flag, properties: decodeProperties(properties), bodyBase64: body.toString('base64') }))).toEqual(messages);
    const written = encodeBatch(messages.map(({ flag, properties, bodyBase64 }) => ({ flag, properties, body: Buffer.from(bodyBase64, 'base64') })));
    expect(written.toString('hex')).toBe(bodyHex);
  });
});

describe('properties, tags and ids recorded from Apache', () => {
  it.each(goldenProperties().filter(({ direction }) => direction === 'write'))('writes $text', ({ map, text }) => {
    expect(encodeProperties(map)).toBe(text);
  });

  it.each(goldenProperties().filter(({ direction }) => direction === 'read'))('reads $text', ({ map, text }) => {
    expect(decodeProperties(text)).toEqual(map);
    for (const name of ['a', 'b', 'noSeparator', 'x']) expect(propertyOf(text, name)).toBe(map[name]);
  });

  it.each(goldenTagsCodes())('hashes the tag $tag', ({ tag, tagsCode }) => {
    expect(tagsCodeOf(tag)).toBe(tagsCode);
  });

  it.each(goldenIds().filter((id) => id.kind === 'offsetMsgId'))('reads and writes the id $id', ({ host: storeHost, physicalOffset, id }) => {
    if (!Number.isSafeInteger(Number(physicalOffset))) {
      expect(() => decodeOffsetMsgId(id)).toThrow('beyond 2^53');
      return;
    }
    expect(encodeOffsetMsgId(host(storeHost), Number(physicalOffset))).toBe(id);
    expect(decodeOffsetMsgId(id)).toEqual({ host: host(storeHost), physicalOffset: Number(physicalOffset) });
  });
});
