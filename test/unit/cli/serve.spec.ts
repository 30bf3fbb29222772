import { expect, test } from 'vitest';

import type { CliContext } from '../../../broker/cli/cli-context.js';
import { serve } from '../../../broker/cli/serve.js';
import { runCli } from '../../../broker/cli/run-cli.js';
import { RocketMqError } from '../../../lib/errors/rocketmq-error.js';

function fakeContext() {
  const seen = { out: '', err: '', exits: [] as number[], signal: (_name: string): void => undefined, subscribed: 0 };
  const context: CliContext = {
    environment: {},
    pid: 42,
    version: '1.2.3',
    print: (text) => (seen.out += text),
    complain: (text) => (seen.err += text),
    onStopRequested: (listener) => {
      seen.subscribed += 1;
      seen.signal = listener;
      return () => (seen.subscribed -= 1);
    },
    exitNow: (code) => seen.exits.push(code),
  };
  return { context, seen };
}

const noop = (): void => undefined;
const flags = { set: new Map<string, string>(), logLevel: 'off' } as const;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('prints that it is ready, and stops in good order when asked to', async () => {
  const { context, seen } = fakeContext();
  let stops = 0;
  const served = serve('broker', { ...flags, json: true }, context, () => Promise.resolve({ facts: { brokerAddress: 'h:1' }, stop: async () => void (stops += 1) }));
  await turn();
  expect(JSON.parse(seen.out)).toEqual({ event: 'ready', role: 'broker', pid: 42, brokerAddress: 'h:1' });
  expect(stops).toBe(0);
  seen.signal('SIGTERM');
  expect(await served).toBe(0);
  expect([stops, seen.subscribed, seen.exits]).toEqual([1, 0, []]);
});

test('a second signal ends the process at once', async () => {
  const { context, seen } = fakeContext();
  void serve('broker', flags, context, () => Promise.resolve({ facts: {}, stop: () => new Promise<void>(() => undefined) }));
  await turn();
  seen.signal('SIGINT');
  await turn();
  expect(seen.exits).toEqual([]);
  seen.signal('SIGINT');
  expect(seen.exits).toEqual([1]);
  expect(seen.err).toMatch(/second SIGINT, exiting without waiting/);
});

test('a signal during the start stops as soon as it has started, without saying that it is ready', async () => {
  const { context, seen } = fakeContext();
  let started = noop;
  let stops = 0;
  const served = serve('broker', flags, context, () => new Promise((resolve) => (started = () => resolve({ facts: {}, stop: async () => void (stops += 1) }))));
  seen.signal('SIGTERM');
  started();
  expect(await served).toBe(0);
  expect([stops, seen.out]).toEqual([1, '']);
});

test('a failed start is one line for what was foreseen, and a stack for what was not', async () => {
  const foreseen = fakeContext();
  expect(await serve('broker', flags, foreseen.context, () => Promise.reject(new RocketMqError('ADDRESS_IN_USE', 'port 1 is taken')))).toBe(1);
  expect(foreseen.seen.err).toBe('broker: error: port 1 is taken\n');
  expect(foreseen.seen.subscribed).toBe(0);
  const unforeseen = fakeContext();
  expect(await serve('broker', flags, unforeseen.context, () => Promise.reject(new TypeError('x is undefined')))).toBe(1);
  expect(unforeseen.seen.err).toMatch(/^broker: error: x is undefined\nTypeError: x is undefined\n\s+at /);
});

test('a failed stop is an error too', async () => {
  const { context, seen } = fakeContext();
  const served = serve('broker', flags, context, () => Promise.resolve({ facts: {}, stop: () => Promise.reject(new RocketMqError('STORE_WRITE_FAILED', 'the disk is full')) }));
  await turn();
  seen.signal('SIGTERM');
  expect(await served).toBe(1);
  expect(seen.err).toBe('broker: error: the disk is full\n');
});

test('--version prints the version', async () => {
  const { context, seen } = fakeContext();
  expect(await runCli(['--version'], context)).toBe(0);
  expect(seen.out).toBe('1.2.3\n');
});
