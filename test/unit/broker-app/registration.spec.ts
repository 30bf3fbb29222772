import { expect, test } from 'vitest';

import { Announcer } from '../../../broker/registration/announcer.js';
import type { NameServerLink, RegistrationAnswer } from '../../../broker/registration/name-server-link.js';
import type { TopicConfig } from '../../../lib/protocol/body/topic-config.js';
import type { TopicConfigWrapper } from '../../../lib/protocol/body/topic-config-wrapper.js';
import type { Logger } from '../../../lib/runtime/logger.js';
import { silentLogger } from '../../../lib/runtime/logger.js';
import { VirtualClock } from '../../support/virtual-clock.js';

function topic(topicName: string): TopicConfig {
  return { topicName, readQueueNums: 4, writeQueueNums: 4, perm: 6, topicFilterType: 'SINGLE_TAG', topicSysFlag: 0, order: false, attributes: {} };
}

/** A NameServer that notes calls and fails or hangs on demand. */
class FakeLink {
  readonly address = 'ns:9876';
  readonly calls: string[] = [];
  isDown = false;
  outdated = false;
  release: (() => void) | undefined;

  async isOutdated(topics: TopicConfigWrapper): Promise<boolean> {
    this.calls.push(`version ${topics.dataVersion.counter}`);
    this.#failIfDown();
    return this.outdated;
  }

  async register(topics: TopicConfigWrapper): Promise<RegistrationAnswer> {
    this.calls.push(`register ${Object.keys(topics.topicConfigTable).join(',')}`);
    if (this.release !== undefined) await new Promise<void>((resolve) => (this.release = resolve));
    this.#failIfDown();
    return { orderTopics: [] };
  }

  async unregister(): Promise<void> {
    this.calls.push('unregister');
    this.#failIfDown();
  }

  #failIfDown(): void {
    if (this.isDown) throw new Error('connection refused');
  }
}

function announcer(logger: Logger = silentLogger) {
  const link = new FakeLink();
  const clock = new VirtualClock();
  const topics = { topicConfigTable: { A: topic('A'), B: topic('B') } as Record<string, TopicConfig>, dataVersion: { counter: 1, timestamp: 1, stateVersion: 0 } };
  const made = new Announcer(link as unknown as NameServerLink, { topics: () => topics, onAnswer: () => undefined, longestRetryMs: 30_000, clock, logger });
  return { announcer: made, link, clock };
}

test('the first announcement carries everything, also when only one topic changed', async () => {
  const { announcer: one, link } = announcer();
  await one.announceChanges([topic('A')]);
  expect(link.calls).toEqual(['register A,B']);
  await one.announceChanges([topic('A')]);
  expect(link.calls).toEqual(['register A,B', 'register A']);
});

test('a check asks first, and registers only when the NameServer is behind', async () => {
  const { announcer: one, link } = announcer();
  await one.announceEverything();
  await one.check();
  link.outdated = true;
  await one.check();
  expect(link.calls).toEqual(['register A,B', 'version 1', 'version 1', 'register A,B']);
});

test('what comes up during a call goes with the next one, together', async () => {
  const { announcer: one, link } = announcer();
  await one.announceEverything();
  link.release = () => undefined;
  const first = one.announceChanges([topic('X')]);
  await new Promise((resolve) => setImmediate(resolve));
  const second = [one.announceChanges([topic('Y')]), one.announceChanges([topic('Z')])];
  const release = link.release;
  link.release = undefined;
  release();
  await Promise.all([first, ...second]);
  expect(link.calls).toEqual(['register A,B', 'register X', 'register Y,Z']);
});

test('an absent NameServer is tried again with growing waits, said once, and told everything when it is back', async () => {
  const warnings: string[] = [];
  const { announcer: one, link, clock } = announcer({ ...silentLogger, warn: (message) => void warnings.push(message) });
  link.isDown = true;
  await one.announceEverything();
  expect(one.isRegistered).toBe(false);
  const triesAfter = async (ms: number): Promise<number> => (await clock.advanceAsync(ms, 500), link.calls.length);
  expect(await triesAfter(500)).toBe(1);
  expect(await triesAfter(500)).toBe(2);
  expect(await triesAfter(2000)).toBe(3);
  expect(await triesAfter(4000)).toBe(4);
  expect(warnings).toHaveLength(1);
  link.isDown = false;
  await triesAfter(8000);
  expect(one.isRegistered).toBe(true);
  expect(link.calls.at(-1)).toBe('register A,B');
  expect(clock.pendingTimers).toBe(0);
});

test('after a success the waits begin anew', async () => {
  const { announcer: one, link, clock } = announcer();
  link.isDown = true;
  await one.announceEverything();
  await clock.advanceAsync(7000, 500);
  link.isDown = false;
  await one.announceEverything();
  link.isDown = true;
  await one.announceEverything();
  const before = link.calls.length;
  await clock.advanceAsync(1000, 500);
  expect(link.calls.length).toBe(before + 1);
});

test('after a lost connection everything is told anew, soon', async () => {
  const { announcer: one, link, clock } = announcer();
  await one.announceEverything();
  one.connectionLost();
  expect(one.isRegistered).toBe(false);
  await clock.advanceAsync(1000, 500);
  expect(link.calls).toEqual(['register A,B', 'register A,B']);
});

test('the farewell is said to whom we are known, its failure is no error, and nothing follows it', async () => {
  const { announcer: one, link, clock } = announcer();
  await one.announceEverything();
  link.isDown = true;
  await one.close();
  await one.announceEverything();
  one.connectionLost();
  await clock.advanceAsync(60_000, 1000);
  expect(link.calls).toEqual(['register A,B', 'unregister']);
  const stranger = announcer();
  await stranger.announcer.close();
  expect(stranger.link.calls).toEqual([]);
});
