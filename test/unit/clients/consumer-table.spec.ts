import { beforeEach, describe, expect, it } from 'vitest';

import { buildSubscriptionData, type SubscriptionData } from '../../../lib/protocol/body/subscription-data.js';
import { silentLogger } from '../../../lib/runtime/logger.js';
import type { ClientInfo } from '../../../broker/clients/client-info.js';
import { ConsumerTable, type ConsumerRegistration, type MembersChange } from '../../../broker/clients/consumer-table.js';
import { ProducerTable } from '../../../broker/clients/producer-table.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const client = (connectionId: number, clientId = `c${connectionId}`): ClientInfo => {
  return { connectionId, clientId, language: 'JAVA', version: 479, remoteAddress: `10.0.0.${connectionId}:1` };
};
const sub = (topic: string, expression = '*', version = 1): SubscriptionData => buildSubscriptionData(topic, expression, 'TAG', version);

describe('the consumer table', () => {
  let clock: VirtualClock;
  let table: ConsumerTable;
  let changes: MembersChange[];

  beforeEach(() => {
    clock = new VirtualClock();
    table = new ConsumerTable(clock, silentLogger);
    changes = [];
    table.onMembersChanged((change) => changes.push(change));
  });

  const register = (connectionId: number, subscriptions: SubscriptionData[] | undefined, rest: Partial<ConsumerRegistration> = {}): boolean =>
    table.register({
      group: 'G',
      client: client(connectionId),
      mode: { consumeType: 'CONSUME_PASSIVELY', messageModel: 'CLUSTERING', consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' },
      subscriptions,
      notify: true,
      ...rest,
    });

  it('tells all members when one joins, not when it merely reports again', () => {
    expect(register(1, [sub('T1')])).toBe(true);
    expect(register(2, [sub('T1')])).toBe(true);
    expect(register(2, [sub('T1')])).toBe(false);
    expect(changes).toEqual([
      { group: 'G', connectionIds: [1] },
      { group: 'G', connectionIds: [1, 2] },
    ]);
  });

  it('tells members when topics come or go, not when an expression changes', () => {
    register(1, [sub('T1')]);
    changes.length = 0;
    expect(register(1, [sub('T1', 'A', 2)])).toBe(false);
    expect(table.find('G')?.subscriptionOf('T1')?.subString).toBe('A');
    expect(register(1, [sub('T1', 'A', 2), sub('T2')])).toBe(true);
    expect(register(1, [sub('T2')])).toBe(true);
    expect(changes).toHaveLength(2);
    expect(table.groupsOf('T1')).toEqual([]);
    expect(table.groupsOf('T2')).toEqual(['G']);
  });

  it('does not take an older expression back', () => {
    register(1, [sub('T1', 'NEW', 5)]);
    register(2, [sub('T1', 'OLD', 4)]);
    expect(table.find('G')?.subscriptionOf('T1')?.subString).toBe('NEW');
  });

  it('keeps the subscriptions when a heartbeat comes without any', () => {
    register(1, [sub('T1')]);
    expect(register(1, undefined)).toBe(false);
    expect(table.subscriptionOf('G', 'T1')).toBeDefined();
  });

  it('tells nobody of broadcasting groups, nor of groups that do not want it', () => {
    register(1, [sub('T1')], { mode: { consumeType: 'CONSUME_PASSIVELY', messageModel: 'BROADCASTING', consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' } });
    register(2, [sub('T1')], { group: 'QUIET', notify: false });
    expect(changes).toEqual([]);
  });

  it('tells those who stay when a member leaves or its connection breaks', () => {
    for (const id of [1, 2, 3]) register(id, [sub('T1')]);
    register(3, [sub('T1')], { group: 'H' });
    changes.length = 0;
    table.unregister('G', 1, true);
    table.connectionClosed(3);
    expect(changes).toEqual([
      { group: 'G', connectionIds: [2, 3] },
      { group: 'G', connectionIds: [2] },
    ]);
    expect(table.find('H')).toBeUndefined();
    table.connectionClosed(2);
    expect(table.find('G')).toBeUndefined();
    expect(table.groupsOf('T1')).toEqual([]);
    expect(table.groupNames()).toEqual([]);
  });

  it('forgets members that are silent for two minutes and names their connections', () => {
    register(1, [sub('T1')]);
    clock.advance(60_000);
    register(2, [sub('T1')]);
    clock.advance(60_000);
    expect(table.removeExpired()).toEqual([]);
    clock.advance(1);
    expect(table.removeExpired()).toEqual([1]);
    expect(table.find('G')?.connectionIds()).toEqual([2]);
  });

  it('follows a client id that changes on a connection', () => {
    register(1, [sub('T1')]);
    register(1, [sub('T1')], { client: client(1, 'renamed') });
    expect(table.findClient('G', 'renamed')?.connectionId).toBe(1);
    expect(table.findClient('G', 'c1')).toBeUndefined();
  });

  it('remembers for a while what only pulls told of', () => {
    table.noteSubscription('P', 'T1', sub('T1', 'A'));
    expect(table.subscriptionOf('P', 'T1')?.tagsSet).toEqual(['A']);
    expect(table.subscriptionCount('P')).toBe(0);
    clock.advance(600_001);
    table.removeExpired();
    expect(table.subscriptionOf('P', 'T1')).toBeUndefined();
  });
});

describe('the producer table', () => {
  it('finds clients by id, also after they came back on another connection', () => {
    const clock = new VirtualClock();
    const table = new ProducerTable(clock, silentLogger);
    table.register('PG', client(1, 'p'));
    table.register('PG', client(2, 'p'));
    expect(table.connectionOf('p')).toBe(2);
    table.connectionClosed(1);
    expect(table.connectionOf('p')).toBe(2);
    table.connectionClosed(2);
    expect(table.connectionOf('p')).toBeUndefined();
    expect(table.members('PG')).toBeUndefined();
  });

  it('keeps a client that leaves one of its groups', () => {
    const table = new ProducerTable(new VirtualClock(), silentLogger);
    table.register('A', client(1));
    table.register('B', client(1));
    table.unregister('A', 1);
    expect(table.connectionOf('c1')).toBe(1);
    expect(table.groupNames()).toEqual(['B']);
  });

  it('begins with another member each time', () => {
    const table = new ProducerTable(new VirtualClock(), silentLogger);
    for (const id of [1, 2, 3]) table.register('PG', client(id));
    expect([table.connectionsInTurn('PG'), table.connectionsInTurn('PG')]).toEqual([
      [1, 2, 3],
      [2, 3, 1],
    ]);
    expect(table.connectionsInTurn('NONE')).toEqual([]);
  });

  it('forgets silent members', () => {
    const clock = new VirtualClock();
    const table = new ProducerTable(clock, silentLogger);
    table.register('PG', client(1));
    clock.advance(120_000);
    expect(table.removeExpired()).toEqual([]);
    clock.advance(1);
    expect(table.removeExpired()).toEqual([1]);
  });
});
