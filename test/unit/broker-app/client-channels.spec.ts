import { expect, test } from 'vitest';

import { ClientChannels } from '../../../broker/clients/client-channels.js';
import { FakeChannel } from '../../support/fake-channel.js';

test('a connection is found until it closes; then listeners hear of it once', () => {
  const channels = new ClientChannels();
  const [first, second] = [new FakeChannel(), new FakeChannel()];
  const closed: number[] = [];
  const unsubscribe = channels.onClosed(({ id }) => closed.push(id));
  channels.register(first);
  channels.register(first);
  channels.register(second);
  expect([channels.size, channels.get(first.id), channels.get(-1)]).toEqual([2, first, undefined]);
  first.close();
  first.close();
  expect([channels.size, channels.get(first.id), closed]).toEqual([1, undefined, [first.id]]);
  unsubscribe();
  second.close();
  expect([channels.size, closed]).toEqual([0, [first.id]]);
});

test('a connection that is closed already is not taken in', () => {
  const channels = new ClientChannels();
  const channel = new FakeChannel();
  channel.close();
  channels.register(channel);
  expect(channels.size).toBe(0);
});
