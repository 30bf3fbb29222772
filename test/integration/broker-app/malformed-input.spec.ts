import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ALL_COMMANDS } from '../../../lib/protocol/commands/index.js';
import type { Command, FieldType } from '../../../lib/protocol/define-command.js';
import { eventually } from '../../support/eventually.js';
import { spawnOurBroker, type SpawnedBroker } from '../../support/our-broker.js';
import { jsonFrame, RawPeer } from '../../support/raw-peer.js';

let server: SpawnedBroker;

beforeAll(async () => {
  server = await spawnOurBroker({ settings: { fastPortEnable: false } });
});

afterAll(async () => {
  expect(await server.stop(), server.log()).toBe(0);
});

const addresses = (): [string, string][] => [
  ['NameServer', server.nameServer],
  ['broker', server.brokerAddress],
];

const request = (code: number, rest: object = {}) => ({ code, flag: 0, language: 'JAVA', opaque: 1, serializeTypeCurrentRPC: 'JSON', version: 479, ...rest });

/** A request that every server answers, as a sign that it lives and that the connection is usable. */
const UNKNOWN_CODE = 29_999;

async function expectAlive(address: string): Promise<void> {
  const peer = await RawPeer.connect(address);
  peer.write(jsonFrame(request(UNKNOWN_CODE, { opaque: 77 })));
  await eventually('an answer', () => peer.responses.length === 1, 20_000);
  expect(peer.responses[0]).toMatchObject({ code: 3, opaque: 77, remark: ` request type ${UNKNOWN_CODE} not supported` });
  peer.destroy();
}

function lengthOnly(length: number): Buffer {
  const buffer = Buffer.alloc(12);
  buffer.writeUInt32BE(length >>> 0, 0);
  return buffer;
}

const headerTooLong = jsonFrame(request(11));
headerTooLong.writeUInt32BE(0x00ff_ffff, 4);

test.each<[string, Buffer]>([
  ['a length of 2 GiB', lengthOnly(0x7fff_ffff)],
  ['a negative length', lengthOnly(0xffff_ffff)],
  ['a length of zero', lengthOnly(0)],
  ['a length of three', lengthOnly(3)],
  ['one byte more than allowed', lengthOnly(16_777_213)],
  ['a header longer than its frame', headerTooLong],
  ['an unknown serialize type', jsonFrame(request(11), undefined, 9)],
  ['JSON that is none', jsonFrame('{"code":11,')],
  ['JSON that is no object', jsonFrame('[1,2,3]')],
  ['a code that is text', jsonFrame('{"code":"eleven"}')],
  ['a binary header of noise', jsonFrame('\u0000\u0001\u0002', undefined, 1)],
  ['TLS', Buffer.from('16030100a5010000a10303', 'hex')],
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
])('%s: the connection is closed, the server lives', async (_what, bytes) => {
  for (const [, address] of addresses()) {
    const peer = await RawPeer.connect(address);
    peer.write(bytes);
    // What waits for the rest of a frame ends when there will be no rest.
    peer.end();
    await peer.closed;
    expect(peer.responses).toEqual([]);
    await expectAlive(address);
  }
});

test('a header field of a wrong type or a missing one is answered 1, and the connection goes on', async () => {
  const peer = await RawPeer.connect(server.brokerAddress);
  peer.write(jsonFrame(request(30, { opaque: 1, extFields: { topic: 'T', queueId: 'x' } })));
  peer.write(jsonFrame(request(30, { opaque: 2, extFields: { topic: 'T' } })));
  peer.write(jsonFrame(request(UNKNOWN_CODE, { opaque: 3 })));
  await eventually('three answers', () => peer.responses.length === 3);
  const of = (opaque: number) => peer.responses.find((response) => response.opaque === opaque);
  expect(of(1)).toMatchObject({ code: 1, remark: expect.stringContaining('"queueId" is "x"; expected a 32-bit integer') });
  expect(of(2)).toMatchObject({ code: 1, remark: expect.stringContaining('"queueId" is missing') });
  expect(of(3)).toMatchObject({ code: 3 });
  peer.destroy();
});

const VALUES: Record<FieldType, readonly string[]> = {
  string: ['', 'T', '../../etc', '\u0001\u0002', 'x'.repeat(300)],
  int: ['-1', '0', '2147483647', '-2147483648', '1.5'],
  long: ['-1', '0', '9007199254740991', '-9007199254740991'],
  bigint: ['-1', '9223372036854775807'],
  wideLong: ['-1', '9223372036854775807', '9007199254740991'],
  boolean: ['true', 'maybe'],
  double: ['0', '-1e308', 'NaN'],
};

function hostileFields(command: Command, pick: (bound: number) => number): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [name, spec] of Object.entries(command.request)) {
    const values = VALUES[spec.type];
    if (pick(8) > 0) fields[spec.wireName ?? name] = values[pick(values.length)];
  }
  return fields;
}

const BODIES = [Buffer.alloc(0), Buffer.from('{'), Buffer.from('null'), Buffer.from('[]'), Buffer.from('{}'), Buffer.from('{"a":{"b":[1,{"c":null}]}}'), Buffer.alloc(300, 0xff)];

/** Words of an error nobody foresaw: the server went on by luck. */
const UNFORESEEN = /TypeError|RangeError|SyntaxError|Cannot read|is not a function|is not iterable|undefined/;

test('every command with hostile fields and bodies is answered, by an answer somebody thought of', async () => {
  const unforeseen: string[] = [];
  for (const [name, address] of addresses()) {
    let opaque = 0;
    const sent = new Map<number, string>();
    const peer = await RawPeer.connect(address);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(1000)), (randoms) => {
        const pick = (bound: number): number => (randoms.next().value as number) % bound;
        for (const command of ALL_COMMANDS) {
          // Ones that may be held would only be answered later.
          const extFields = { ...hostileFields(command, pick), suspendTimeoutMillis: '0', pollTime: '0' };
          const body = BODIES[pick(BODIES.length)];
          opaque += 1;
          sent.set(opaque, `${command.name} ${JSON.stringify(extFields)} ${body.toString('latin1').slice(0, 20)}`);
          peer.write(jsonFrame(request(command.code, { opaque, extFields, flag: pick(5) === 0 ? 2 : 0 }), body));
        }
      }),
      { numRuns: 12, endOnFailure: true },
    );
    peer.write(jsonFrame(request(UNKNOWN_CODE, { opaque: 999_999 })));
    await eventually(`${name} answers the last one`, () => peer.responses.some((response) => response.opaque === 999_999), 30_000);
    for (const { code, remark, opaque: answered } of peer.responses) {
      if (remark !== undefined && UNFORESEEN.test(remark)) unforeseen.push(`${name}: ${sent.get(answered)} -> ${code} ${remark}`);
    }
    expect(peer.isClosed).toBe(false);
    peer.destroy();
    await expectAlive(address);
  }
  expect(unforeseen).toEqual([]);
});

test('noise, cut and flipped frames close connections and nothing else', async () => {
  const good = jsonFrame(request(11, { extFields: { topic: 'T', queueId: '0' } }), Buffer.from('body'));
  const damaged = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }),
    fc.nat(good.length - 1).map((cut) => good.subarray(0, cut)),
    fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
      const copy = Buffer.from(good);
      copy[at] ^= flip;
      return copy;
    }),
  );
  for (const [, address] of addresses()) {
    await fc.assert(
      fc.asyncProperty(damaged, async (bytes) => {
        const peer = await RawPeer.connect(address);
        peer.write(bytes);
        peer.end();
        await peer.closed;
      }),
      { numRuns: 150 },
    );
    await expectAlive(address);
  }
});

test('memory stays flat under frames that are too large or never end', async () => {
  const megabyte = Buffer.alloc(1 << 20, 0x7b);
  const round = async (): Promise<number> => {
    for (let i = 0; i < 20; i++) {
      const [tooLarge, endless] = await Promise.all([RawPeer.connect(server.brokerAddress), RawPeer.connect(server.brokerAddress)]);
      tooLarge.write(lengthOnly(0x7fff_ffff));
      tooLarge.write(megabyte);
      await tooLarge.closed;
      endless.write(lengthOnly(16_000_000));
      endless.write(megabyte);
      endless.write(megabyte);
      endless.end();
      await endless.closed;
    }
    return residentMegabytes(server.pid);
  };
  await round();
  const warm = await round();
  for (let i = 0; i < 3; i++) await round();
  const after = await round();
  expect(after - warm).toBeLessThan(64);
  await expectAlive(server.brokerAddress);
});

function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1024;
}
