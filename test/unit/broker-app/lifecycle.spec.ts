import { expect, test } from 'vitest';

import { Lifecycle, type LifecycleStage } from '../../../broker/lifecycle.js';
import { silentLogger } from '../../../lib/runtime/logger.js';

const noop = (): void => undefined;

function stages(...names: string[]) {
  const events: string[] = [];
  const made = names.map((name): LifecycleStage => ({
    name,
    start: () => {
      if (name.endsWith('!')) throw new Error(`${name} does not start`);
      events.push(`+${name}`);
    },
    stop: () => {
      events.push(`-${name}`);
      if (name.endsWith('?')) throw new Error(`${name} does not stop`);
    },
  }));
  return { events, lifecycle: new Lifecycle(made, silentLogger) };
}

test('stages start in order and stop in reverse, once', async () => {
  const { events, lifecycle } = stages('a', 'b', 'c');
  expect(lifecycle.isRunning).toBe(false);
  await lifecycle.start();
  expect(lifecycle.isRunning).toBe(true);
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  await lifecycle.stop();
  expect(events).toEqual(['+a', '+b', '+c', '-c', '-b', '-a']);
  expect(lifecycle.isRunning).toBe(false);
});

test('a failed start stops what was started, and throws its own error', async () => {
  const { events, lifecycle } = stages('a', 'b?', 'c!', 'd');
  await expect(lifecycle.start()).rejects.toThrow('c! does not start');
  expect(events).toEqual(['+a', '+b?', '-b?', '-a']);
  await lifecycle.stop();
  expect(events).toHaveLength(4);
});

test('a stage that fails to stop does not keep the others from stopping', async () => {
  const { events, lifecycle } = stages('a', 'b?', 'c');
  await lifecycle.start();
  await expect(lifecycle.stop()).rejects.toThrow('b? does not stop');
  expect(events.slice(3)).toEqual(['-c', '-b?', '-a']);
});

test('a stop during the start waits for the stage under way, stops it, and starts no more', async () => {
  const events: string[] = [];
  let finish = noop;
  const lifecycle = new Lifecycle(
    [
      { name: 'slow', start: () => new Promise<void>((resolve) => (finish = resolve)), stop: () => void events.push('-slow') },
      { name: 'next', start: () => void events.push('+next'), stop: () => void events.push('-next') },
    ],
    silentLogger,
  );
  const started = lifecycle.start();
  const stopped = lifecycle.stop();
  finish();
  await started;
  await stopped;
  expect(events).toEqual(['-slow']);
});
