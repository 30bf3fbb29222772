import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, encodeFrameHead } from '../../../lib/protocol/remoting-codec.js';
import { EMPTY_BODY, type RemotingCommand } from '../../../lib/protocol/remoting-command.js';

const RESPONSE: RemotingCommand = {
  code: 0,
  language: 'JAVA',
  version: 479,
  opaque: 9,
  flag: 1,
  remark: undefined,
  extFields: { queueId: '0', MSG_REGION: 'DefaultRegion' },
  body: EMPTY_BODY,
  serializeType: 'JSON',
};

function jsonFrame(header: string, body = ''): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(4 + Buffer.byteLength(header) + body.length, 0);
  head.writeUInt32BE(Buffer.byteLength(header), 4);
  return Buffer.concat([head, Buffer.from(header), Buffer.from(body)]);
}

function headerOf(frame: Buffer): string {
  return frame.toString('utf8', 8, 8 + frame.readUIntBE(5, 3));
}

describe('JSON headers', () => {
  it('are written as Java does: keys in order, absent ones left out', () => {
    expect(headerOf(encodeFrame(RESPONSE))).toBe(
      '{"code":0,"extFields":{"queueId":"0","MSG_REGION":"DefaultRegion"},"flag":1,"language":"JAVA","opaque":9,"serializeTypeCurrentRPC":"JSON","version":479}',
    );
    expect(headerOf(encodeFrame({ ...RESPONSE, extFields: {}, remark: 'a "quoted"\nönly' }))).toBe(
      '{"code":0,"flag":1,"language":"JAVA","opaque":9,"remark":"a \\"quoted\\"\\nönly","serializeTypeCurrentRPC":"JSON","version":479}',
    );
  });

  it.each([['plain'], ['with "quotes" and \\'], ['\u0001\u0002\u007f'], ['Überweisung'], ['订单 🚀'], ['\ud800']])('carry the value %j', (value) => {
    const decoded = decodeFrame(encodeFrame({ ...RESPONSE, extFields: { a: value, [`n${value}`]: 'b' } }));
    expect(decoded.extFields).toEqual({ a: value, [`n${value}`]: 'b' });
  });

  it('coerce numbers and booleans among the ext fields and drop nulls, as the Java reader does', () => {
    const { extFields } = decodeFrame(jsonFrame('{"code":10,"extFields":{"queueId":3,"batch":true,"none":null,"t":"x","d":1.5}}'));
    expect(extFields).toEqual({ queueId: '3', batch: 'true', t: 'x', d: '1.5' });
  });

  it('take defaults for what is absent', () => {
    expect(decodeFrame(jsonFrame('{}'))).toMatchObject({ code: 0, language: 'JAVA', version: 0, opaque: 0, flag: 0, remark: undefined, extFields: {} });
    expect(decodeFrame(jsonFrame('{"language":"KLINGON","remark":null,"extFields":null,"code":"12"}'))).toMatchObject({ language: null, remark: undefined, extFields: {}, code: 12 });
  });

  it.each([
    ['not JSON', 'nonsense'],
    ['an empty header', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a code that is no integer', '{"code":1.5}'],
    ['a code beyond 32 bits', '{"code":4294967296}'],
    ['an opaque that is an object', '{"opaque":{}}'],
    ['a remark that is a list', '{"remark":[]}'],
    ['ext fields that are a list', '{"extFields":[]}'],
    ['an ext field that is an object', '{"extFields":{"a":{}}}'],
    ['an escape JSON does not know', '{"extFields":{"a":"\\x41"}}'],
    ['a raw control character', '{"extFields":{"a":"\u0001"}}'],
  ])('refuse %s', (_name, header) => {
    expect(() => decodeFrame(jsonFrame(header))).toThrow(expect.objectContaining({ code: 'PROTOCOL_MALFORMED_HEADER' }));
  });

  it('treat names of Object.prototype as names', () => {
    const header = '{"code":10,"extFields":{"__proto__":"p","constructor":"c","toString":"t"},"__proto__":{"flag":3}}';
    const command = decodeFrame(jsonFrame(header));
    expect(Object.entries(command.extFields)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
      ['toString', 't'],
    ]);
    expect(command.flag).toBe(0);
    expect(Object.getPrototypeOf(command.extFields)).toBe(Object.prototype);
  });

  it('survive headers nested absurdly deep', () => {
    const deep = `{"extFields":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    expect(() => decodeFrame(jsonFrame(deep))).toThrow(expect.objectContaining({ code: 'PROTOCOL_MALFORMED_HEADER' }));
  });
});

describe('ROCKETMQ headers', () => {
  const VECTOR =
    '0000004701000043001e0001df00000007000000000000000172' +
    '0000002d0007717565756549640000000133' +
    '0009636f6d6d69747465640000000474727565' +
    '0005746f7069630000000154';

  it('read and write the recorded vector', () => {
    const command = decodeFrame(Buffer.from(VECTOR, 'hex'));
    expect(command).toEqual({
      code: 30,
      language: 'JAVA',
      version: 479,
      opaque: 7,
      flag: 0,
      remark: 'r',
      extFields: { queueId: '3', committed: 'true', topic: 'T' },
      body: EMPTY_BODY,
      serializeType: 'ROCKETMQ',
    });
    expect(encodeFrame(command).toString('hex')).toBe(VECTOR);
  });

  it.each([
    ['remark', 21],
    ['ext fields', 26],
    ['ext field value', 39],
  ])('refuse a length of the %s that is beyond the header', (what, at) => {
    const frame = Buffer.from(VECTOR, 'hex');
    frame.writeInt32BE(0x7fff_ffff, at);
    expect(() => decodeFrame(frame)).toThrow(`bytes of ${what}`);
    frame.writeInt32BE(-1, at);
    expect(() => decodeFrame(frame)).toThrow(`bytes of ${what}`);
  });

  it('cannot hold the codes of pop, and say so', () => {
    expect(() => encodeFrame({ ...RESPONSE, code: 200_050, serializeType: 'ROCKETMQ' })).toThrow('use the JSON serialization');
  });
});

describe('frames', () => {
  it('have their body behind the header, as a slice', () => {
    const frame = jsonFrame('{"code":1}', 'hello');
    const { body } = decodeFrame(frame);
    expect(body.toString()).toBe('hello');
    expect(body.buffer).toBe(frame.buffer);
  });

  it('can be written without their body', () => {
    const whole = encodeFrame({ ...RESPONSE, body: Buffer.from('hello') });
    expect(Buffer.concat([encodeFrameHead(RESPONSE, 5), Buffer.from('hello')])).toEqual(whole);
  });

  it.each([
    ['a header longer than the frame', Buffer.from('0000000800000005 7b7d0000'.replace(' ', ''), 'hex')],
    ['another length than they have', Buffer.from('00000009000000027b7d', 'hex')],
    ['a serialize type nobody knows', Buffer.from('00000006020000027b7d', 'hex')],
    ['too few bytes', Buffer.from('000000', 'hex')],
  ])('are refused for %s', (_name, frame) => {
    expect(() => decodeFrame(frame)).toThrow(expect.objectContaining({ code: 'PROTOCOL_MALFORMED_FRAME' }));
  });
});
