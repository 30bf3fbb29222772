import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { parseFastJson, stringifyFastJson } from '../../../lib/protocol/json/fast-json.js';
import { OUR_VERSION } from '../../../lib/protocol/version.js';
import { goldenBodies } from '../../golden/fixtures.js';

/** Every exported decoder of `lib/protocol/body`, found so that none can be forgotten. */
async function bodyDecoders(): Promise<[string, (body: Buffer) => unknown][]> {
  const folder = new URL('../../../lib/protocol/body/', import.meta.url);
  const modules = await Promise.all(readdirSync(folder).map((file) => import(new URL(file, folder).href) as Promise<Record<string, unknown>>));
  return modules.flatMap((module) =>
    Object.entries(module)
      .filter(([name, value]) => /^decode[A-Z]/.test(name) && typeof value === 'function')
      .map(([name, value]): [string, (body: Buffer) => unknown] => [name, (body) => (value as (body: Buffer, ...more: unknown[]) => unknown)(body, false, OUR_VERSION)]),
  );
}

const decoders = await bodyDecoders();

function onlyOurErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof RocketMqError)) throw error;
    expect(error.code).toBe('PROTOCOL_MALFORMED_BODY');
  }
}

const recorded = goldenBodies().flatMap(({ bodyBase64 }) => Buffer.from(bodyBase64, 'base64'));
/** Names that occur in bodies, with values of every JSON type. */
const names = [...new Set(recorded.flatMap((body) => body.toString().match(/"\w+"(?=:)/g) ?? []))].map((name) => name.slice(1, -1));
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, 0, -1, 1.5, 'x', '', '7', 2 ** 60),
    fc.array(tie('tree'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, '0', '__proto__', '{}', '{"topic":"t"}'), tie('tree'), { maxKeys: 5 }),
  ),
}));

describe('body decoders', () => {
  it('were found', () => {
    expect(decoders.length).toBeGreaterThan(45);
  });

  it.each(decoders)('%s fails only with PROTOCOL_MALFORMED_BODY, whatever the body', (_name, decode) => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)), tree.map((value) => Buffer.from(JSON.stringify(value)))), (body) => onlyOurErrors(() => decode(body))), { numRuns: 150 });
    fc.assert(
      fc.property(fc.constantFrom(...recorded), fc.nat(), fc.nat(255), fc.nat(), (original, at, byte, cut) => {
        const body = Buffer.from(original);
        body[at % body.length] = byte;
        onlyOurErrors(() => decode(body));
        onlyOurErrors(() => decode(body.subarray(0, cut % body.length)));
      }),
      { numRuns: 100 },
    );
  });

  it('leave Object.prototype alone', () => {
    const body = Buffer.from('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"table":{"__proto__":"x"},"topicConfigTable":{"__proto__":{"polluted":1}}}');
    for (const [, decode] of decoders) onlyOurErrors(() => decode(body));
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe("fastjson's dialect", () => {
  it('reads standard JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        // Beyond 2^53 we keep digits that JSON.parse rounds away.
        const text = JSON.stringify(value, (_name, item: unknown) => (Number.isInteger(item) && !Number.isSafeInteger(item) ? 0 : item));
        expect(parseFastJson(text)).toEqual(JSON.parse(text));
        expect(parseFastJson(JSON.stringify(JSON.parse(text), null, '\t'))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('reads what it writes', () => {
    const member = fc.oneof(fc.string({ unit: 'binary' }), fc.maxSafeInteger(), fc.boolean(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }));
    const queue = fc.record({ brokerName: fc.string(), queueId: fc.nat(), topic: fc.string() });
    const map = fc.array(fc.tuple(queue, member), { minLength: 1 }).map((entries) => new Map(entries.map(([key, value]) => [stringifyFastJson(key), value])));
    fc.assert(
      fc.property(fc.record({ map, plain: fc.dictionary(fc.string(), member), list: fc.array(member) }), (value) => {
        expect(parseFastJson(stringifyFastJson(value))).toEqual(value);
      }),
    );
  });
});
