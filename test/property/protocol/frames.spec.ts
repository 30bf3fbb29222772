import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { ALL_COMMANDS } from '../../../lib/protocol/commands/index.js';
import { decodeHeader, encodeHeader, type HeaderOf, type HeaderSpec } from '../../../lib/protocol/define-command.js';
import { FrameDecoder } from '../../../lib/protocol/frame-decoder.js';
import { LANGUAGE_CODES, type LanguageName } from '../../../lib/protocol/language-code.js';
import { decodeFrame, encodeFrame } from '../../../lib/protocol/remoting-codec.js';
import { decodeHeaderOf } from '../../../lib/protocol/request-header-decoder.js';
import type { RemotingCommand } from '../../../lib/protocol/remoting-command.js';

const int16 = fc.integer({ min: -0x8000, max: 0x7fff });
const int32 = fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff });
/** Names of fields, dangerous ones among them. */
const fieldName = fc.oneof(
  fc.constantFrom('a', 'topic', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'é"\\', 'prototype'),
  fc.string({ minLength: 1, unit: 'binary' }),
);
/** Text without lone surrogates: those do not survive UTF-8. */
const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: 'binary' }));
const filled = text.filter((value) => value !== '');

function command(serializeType: RemotingCommand['serializeType']): fc.Arbitrary<RemotingCommand> {
  return fc.record({
    code: int16,
    language: fc.constantFrom(...(Object.keys(LANGUAGE_CODES) as LanguageName[])),
    version: fc.integer({ min: 0, max: 0x7fff }),
    opaque: int32,
    flag: fc.integer({ min: 0, max: 3 }),
    remark: fc.option(filled, { nil: undefined }),
    extFields: fc.array(fc.tuple(fieldName, filled)).map((entries) => Object.fromEntries(entries)),
    body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    serializeType: fc.constant(serializeType),
  });
}

function plain(value: RemotingCommand): unknown {
  const { code, language, version, opaque, flag, remark, extFields, body, serializeType } = value;
  return { code, language, version, opaque, flag, remark, extFields: Object.entries(extFields), body: body.toString('hex'), serializeType };
}

/** Either a result, or the code of a RocketMqError; any other error fails the test. */
function outcome<T>(run: () => T): { value: T } | { code: string } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof RocketMqError) return { code: error.code };
    throw error;
  }
}

function frameOf(type: number, header: Buffer, body: Buffer = Buffer.alloc(0)): Buffer {
  const frame = Buffer.alloc(8 + header.length + body.length);
  frame.writeUInt32BE(frame.length - 4, 0);
  frame.writeUInt32BE(type * 0x100_0000 + header.length, 4);
  header.copy(frame, 8);
  body.copy(frame, 8 + header.length);
  return frame;
}

describe('frames', () => {
  it.each(['JSON', 'ROCKETMQ'] as const)('survive a round trip with a %s header', (serializeType) => {
    fc.assert(
      fc.property(command(serializeType), (value) => {
        const decoded = decodeFrame(encodeFrame(value));
        expect(plain(decoded)).toEqual(plain(value));
        expect(Object.getPrototypeOf(decoded.extFields)).toBe(Object.prototype);
      }),
    );
  });

  it('come out whole however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(command('JSON'), { minLength: 1, maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (commands, cuts) => {
        const frames = commands.map(encodeFrame);
        const stream = Buffer.concat(frames);
        const decoder = new FrameDecoder();
        const received: string[] = [];
        for (let at = 0, cut = 0; at < stream.length; cut++) {
          const size = cuts[cut % cuts.length];
          decoder.feed(stream.subarray(at, at + size), (frame) => received.push(frame.toString('hex')));
          at += size;
        }
        expect(received).toEqual(frames.map((frame) => frame.toString('hex')));
        expect(decoder.pendingBytes).toBe(0);
      }),
    );
  });

  it('fail only with errors of this project, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2, 255), fc.uint8Array({ maxLength: 120 }), (type, bytes) => {
        outcome(() => decodeFrame(frameOf(type, Buffer.from(bytes))));
        outcome(() => decodeFrame(Buffer.from(bytes)));
        outcome(() => new FrameDecoder(1000).feed(Buffer.from(bytes), () => undefined));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['JSON', 'ROCKETMQ'] as const)('with a damaged %s header fail only with errors of this project', (serializeType) => {
    fc.assert(
      fc.property(command(serializeType), fc.nat(), fc.nat(255), fc.nat(), (value, at, byte, cut) => {
        const frame = encodeFrame(value);
        frame[8 + (at % (frame.length - 8))] = byte;
        outcome(() => decodeFrame(frame).extFields);
        const short = frame.subarray(0, 8 + (cut % (frame.length - 8)));
        short.writeUInt32BE(short.length - 4, 0);
        outcome(() => decodeFrame(short).extFields);
      }),
      { numRuns: 500 },
    );
  });
});

/** What JSON.parse makes of the same header: a blank in front keeps the quick way out. */
function slowly(header: string): RemotingCommand {
  return decodeFrame(frameOf(0, Buffer.from(` ${header}`)));
}

describe('the quick way through JSON headers', () => {
  const member = fc.oneof(
    fc.tuple(fc.constantFrom('code', 'flag', 'opaque', 'version'), fc.oneof(int32.map(String), fc.constantFrom('-0', '007', '1.5', '1e3', '99999999999', '"7"', 'null', ''))),
    fc.tuple(fc.constantFrom('language', 'remark', 'serializeTypeCurrentRPC', 'other'), fc.oneof(text.map((value) => JSON.stringify(value)), fc.constantFrom('"GO"', 'null', '1', '"\\q"'))),
    fc.tuple(
      fc.constant('extFields'),
      fc.oneof(
        fc.array(fc.tuple(fieldName, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)))).map((entries) => JSON.stringify(Object.fromEntries(entries))),
        fc.constantFrom('{}', 'null', '[]', '{"a":"1",}', '{"a":"1"', '{"a":"\\u00zz"}', '{"a":"\\x"}', '{,}', '{"a":{}}', '{"\\u0061":"1"}', '{"a":"1","a":"2"}'),
      ),
    ),
  );
  const header = fc.array(member, { maxLength: 9 }).map((members) => `{${members.map(([name, value]) => `"${name}":${value}`).join(',')}}`);

  it('reads what JSON.parse reads, and refuses what it refuses', () => {
    fc.assert(
      fc.property(fc.oneof(header, header.map((value) => value.slice(0, -1)), fc.constantFrom('{"code":1,}', '{}', '{,}', '{"code":1}}')), (value) => {
        const quick = outcome(() => plain(decodeFrame(frameOf(0, Buffer.from(value)))));
        const slow = outcome(() => plain(slowly(value)));
        expect(quick).toEqual(slow);
      }),
      { numRuns: 2000 },
    );
  });

  const SPECS: readonly HeaderSpec[] = ALL_COMMANDS.map(({ request }) => request);
  const wireNames = [...new Set(SPECS.flatMap((spec) => Object.entries(spec).map(([name, field]) => field.wireName ?? name)))];
  const fieldValue = fc.oneof(fc.constantFrom('0', '1', '-1', '+5', 'true', 'TRUE', 'x', '', '2147483647', '2147483648', '9007199254740993', '9223372036854775807', '1.5', ' 1'), text);

  it('decodes headers as the general decoder does', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SPECS), fc.array(fc.tuple(fc.constantFrom(...wireNames), fieldValue)), fc.array(fieldValue), (spec, extra, values) => {
        const declared = Object.entries(spec).map(([name, field], index) => [field.wireName ?? name, values[index] ?? '7']);
        const fields = Object.fromEntries([...extra, ...declared.slice(0, values.length + 20)]) as Record<string, string>;
        const received = decodeFrame(frameOf(0, Buffer.from(JSON.stringify({ code: 1, extFields: fields }))));
        const quick = outcome(() => decodeHeaderOf(spec, received));
        expect(quick).toEqual(outcome(() => decodeHeader(spec, fields)));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('headers of all commands', () => {
  const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    string: text,
    int: int32,
    long: fc.maxSafeInteger(),
    wideLong: fc.maxSafeInteger(),
    bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    boolean: fc.boolean(),
    double: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  };

  it('survive a round trip', () => {
    const declared = ALL_COMMANDS.flatMap(({ request, response }) => [request, response]);
    const withValues = fc.constantFrom(...declared).chain((spec) =>
      fc.record(Object.fromEntries(Object.entries(spec).map(([name, field]) => [name, values[field.type]]))).map((header) => ({ spec, header })),
    );
    fc.assert(
      fc.property(withValues, ({ spec, header }) => {
        expect(decodeHeader(spec, encodeHeader(spec, header as HeaderOf<typeof spec>))).toEqual(header);
      }),
      { numRuns: 500 },
    );
  });
});
