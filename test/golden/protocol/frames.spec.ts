import { describe, expect, it } from 'vitest';
import { commandByCode } from '../../../lib/protocol/commands/index.js';
import { decodeHeader, encodeHeader, type Command } from '../../../lib/protocol/define-command.js';
import { decodeFrame, encodeFrame } from '../../../lib/protocol/remoting-codec.js';
import { FLAG_ONEWAY, FLAG_RESPONSE, type RemotingCommand } from '../../../lib/protocol/remoting-command.js';
import { goldenFrames, type GoldenFrame } from '../fixtures.js';

const FLAGS: Record<GoldenFrame['kind'], number> = { request: 0, oneway: FLAG_ONEWAY, response: FLAG_RESPONSE };

/** Header fields that requests inherit and that no command declares. */
const INHERITED = ['bname', 'ns', 'nsd', 'oway', 'lo'];

/** Fields in which we are stricter or richer than the recorded header; by name of the frame. */
const BEYOND_SAFE_INTEGERS = ['largest-numbers'];

function expected(frame: GoldenFrame, serializeType: RemotingCommand['serializeType']): Partial<RemotingCommand> {
  return {
    opaque: frame.opaque,
    flag: FLAGS[frame.kind],
    remark: frame.remark ?? undefined,
    extFields: frame.fields,
    body: Buffer.from(frame.bodyBase64, 'base64'),
    language: 'JAVA',
    serializeType,
  };
}

describe('frames recorded from Apache', () => {
  it.each(goldenFrames())('reads $name with a JSON header', (frame) => {
    const command = decodeFrame(Buffer.from(frame.jsonFrameHex, 'hex'));
    expect(command).toMatchObject({ ...expected(frame, 'JSON'), code: frame.code });
  });

  it.each(goldenFrames())('reads $name with a ROCKETMQ header', (frame) => {
    const command = decodeFrame(Buffer.from(frame.rocketmqFrameHex, 'hex'));
    // Sixteen bits hold the code there, in Apache too; empty values read as absent.
    const code = (frame.code << 16) >> 16;
    const fields = Object.fromEntries(Object.entries(frame.fields).filter(([, value]) => value !== ''));
    expect(command).toMatchObject({ ...expected(frame, 'ROCKETMQ'), code });
    expect(command.extFields).toEqual(fields);
  });

  it.each(goldenFrames())('writes the JSON header of $name as Apache does', (frame) => {
    const recorded = Buffer.from(frame.jsonFrameHex, 'hex');
    const written = encodeFrame(decodeFrame(recorded));
    // The order of ext fields is that of a Java hash map, kept by decoding; an empty object is what we leave out.
    const header = frame.jsonHeader.replace('"extFields":{},', '');
    const text = written.toString('utf8', 8, 8 + written.readUIntBE(5, 3));
    expect(JSON.parse(text)).toEqual(JSON.parse(header));
    expect(Object.keys(JSON.parse(text) as object)).toEqual(Object.keys(JSON.parse(header) as object));
    expect(written.subarray(written.length - Buffer.from(frame.bodyBase64, 'base64').length)).toEqual(Buffer.from(frame.bodyBase64, 'base64'));
  });

  // Empty values are lost in this serialization.
  it.each(goldenFrames().filter(({ fields }) => !Object.values(fields).includes('')))('writes the ROCKETMQ header of $name byte for byte', (frame) => {
    expect(encodeFrame(decodeFrame(Buffer.from(frame.rocketmqFrameHex, 'hex'))).toString('hex')).toBe(frame.rocketmqFrameHex);
  });

  const requests = goldenFrames().filter((frame) => frame.kind !== 'response' && !BEYOND_SAFE_INTEGERS.includes(frame.name));

  it.each(requests)('knows every header field of $name', (frame) => {
    const command = commandByCode(frame.code) as Command;
    expect(command, `no command declared for ${frame.code}`).toBeDefined();
    const header = decodeHeader(command.request, frame.fields);
    const written = encodeHeader(command.request, header);
    const declared = Object.fromEntries(Object.entries(frame.fields).filter(([name]) => !INHERITED.includes(name) || name in written));
    expect(written).toMatchObject(declared);
  });

  it('gives a pair of requests and responses the same fields', () => {
    for (const frame of goldenFrames().filter(({ kind, fields }) => kind === 'response' && Object.keys(fields).length > 0)) {
      const spec = responseSpecFor(frame);
      expect(encodeHeader(spec, decodeHeader(spec, frame.fields)), frame.name).toEqual(frame.fields);
    }
  });
});

/** The response header whose recorded Java class is the one its frame names, found through its fields. */
function responseSpecFor(frame: GoldenFrame): Command['response'] {
  const requestCodes = new Set(goldenFrames().filter(({ kind }) => kind !== 'response').map(({ code }) => code));
  for (const code of requestCodes) {
    const command = commandByCode(code);
    if (command === undefined) continue;
    const names = new Set(Object.entries(command.response).map(([name, field]) => field.wireName ?? name));
    if (names.size > 0 && Object.keys(frame.fields).every((name) => names.has(name))) {
      const required = Object.entries(command.response).filter(([, field]) => field.required && field.fallback === undefined);
      if (required.every(([name, field]) => (field.wireName ?? name) in frame.fields)) return command.response;
    }
  }
  throw new Error(`no response header fits ${frame.name}: ${Object.keys(frame.fields).join(', ')}`);
}
