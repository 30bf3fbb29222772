import { beforeEach, expect, test } from 'vitest';

import { BrokerLiveness } from '../../../broker/name-server/broker-liveness.js';
import { RouteTables, type BrokerRegistration, type MinBrokerIdChange, type RouteSettings } from '../../../broker/name-server/route-tables.js';
import { encodeRouteFor } from '../../../broker/name-server/route-json.js';
import { filterByZone } from '../../../broker/name-server/zone-filter.js';
import type { TopicConfig } from '../../../lib/protocol/body/topic-config.js';
import { decodeTopicRouteData } from '../../../lib/protocol/body/topic-route-data.js';
import { silentLogger } from '../../../lib/runtime/logger.js';
import { VirtualClock } from '../../support/virtual-clock.js';

let clock: VirtualClock;
let settings: { -readonly [K in keyof RouteSettings]: RouteSettings[K] };
let routes: RouteTables;

beforeEach(() => {
  clock = new VirtualClock();
  settings = { brokerExpiredTime: 120_000, supportActingMaster: false, deleteTopicWithBrokerRegistration: false };
  routes = new RouteTables(() => settings, clock, silentLogger);
});

function topic(topicName: string, rest: Partial<TopicConfig> = {}): TopicConfig {
  return { topicName, readQueueNums: 4, writeQueueNums: 4, perm: 6, topicFilterType: 'SINGLE_TAG', topicSysFlag: 0, order: false, attributes: {}, ...rest };
}

function version(counter: number, stateVersion = 0) {
  return { counter, timestamp: 1, stateVersion };
}

function registration(rest: Partial<BrokerRegistration> & { configs?: TopicConfig[]; counter?: number } = {}): BrokerRegistration {
  const { configs = [topic('T1'), topic('T2')], counter = 1, ...fields } = rest;
  return {
    clusterName: 'C',
    brokerName: 'broker-a',
    brokerAddr: '10.0.0.1:10911',
    brokerId: 0,
    haServerAddr: '10.0.0.1:10912',
    enableActingMaster: false,
    topics: { topicConfigTable: Object.fromEntries(configs.map((config) => [config.topicName, config])), dataVersion: version(counter) },
    filterServers: [],
    connectionId: 1,
    ...fields,
  };
}

const A = { clusterName: 'C', brokerName: 'broker-a', brokerAddr: '10.0.0.1:10911', brokerId: 0 };
const slave = (rest: Parameters<typeof registration>[0] = {}) => registration({ brokerId: 1, brokerAddr: '10.0.0.2:10911', haServerAddr: '10.0.0.2:10912', connectionId: 2, ...rest });
const permOf = (name: string) => routes.routeOf(name)?.queueDatas[0].perm;

test('a registered broker is in routes, in the cluster and in the lists', () => {
  expect(routes.register(registration())).toEqual({});
  expect(routes.routeOf('T1')).toEqual({
    queueDatas: [{ brokerName: 'broker-a', readQueueNums: 4, writeQueueNums: 4, perm: 6, topicSysFlag: 0 }],
    brokerDatas: [{ cluster: 'C', brokerName: 'broker-a', brokerAddrs: { 0: '10.0.0.1:10911' }, enableActingMaster: false }],
    filterServerTable: {},
  });
  expect(routes.routeOf('unknown')).toBeUndefined();
  expect(routes.clusterInfo()).toMatchObject({ clusterAddrTable: { C: ['broker-a'] }, brokerAddrTable: { 'broker-a': { cluster: 'C' } } });
  expect(routes.topicNames()).toEqual(['T1', 'T2']);
  expect(routes.topicNamesOfCluster('C')).toEqual(['T1', 'T2']);
  expect(routes.topicNamesOfCluster('other')).toEqual([]);
  expect(routes.systemTopics()).toEqual({ topicNames: ['C', 'broker-a'], brokerAddr: '10.0.0.1:10911' });
  expect(routes.memberAddresses('broker-a')).toEqual({ 0: '10.0.0.1:10911' });
  expect(routes.memberAddresses('none')).toEqual({});
});

test('an unknown broker with a single topic is refused and leaves no trace; a known one is not', () => {
  expect(routes.register(registration({ configs: [topic('T')] }))).toBeUndefined();
  expect(routes.clusterInfo()).toEqual({ brokerAddrTable: {}, clusterAddrTable: {} });
  routes.register(registration());
  expect(routes.register(registration({ configs: [topic('T3')], counter: 2 }))).toEqual({});
  expect(routes.topicNames()).toEqual(['T1', 'T2', 'T3']);
});

test('topics change only when the data version does, or when they are new', () => {
  routes.register(registration());
  routes.register(registration({ configs: [topic('T1', { readQueueNums: 9 }), topic('T9')] }));
  expect(routes.routeOf('T1')?.queueDatas[0].readQueueNums).toBe(4);
  expect(routes.routeOf('T9')).toBeDefined();
  routes.register(registration({ configs: [topic('T1', { readQueueNums: 9 }), topic('T9')], counter: 2 }));
  expect(routes.routeOf('T1')?.queueDatas[0].readQueueNums).toBe(9);
  expect(routes.routeOf('T2'), 'a missing topic stays').toBeDefined();
});

test('missing topics go when deleteTopicWithBrokerRegistration is on', () => {
  settings.deleteTopicWithBrokerRegistration = true;
  routes.register(registration());
  routes.register(registration({ configs: [topic('T1'), topic('T3')], counter: 2 }));
  expect(routes.topicNames()).toEqual(['T1', 'T3']);
});

test('a slave learns its master and does not change topics', () => {
  expect(routes.register(slave())).toEqual({});
  expect(routes.topicNames(), 'the first slave of a name without a master announces too').toEqual(['T1', 'T2']);
  routes.register(registration({ counter: 5 }));
  expect(routes.register(slave({ configs: [topic('T1', { readQueueNums: 1 }), topic('T7')], counter: 9 }))).toEqual({
    haServerAddr: '10.0.0.1:10912',
    masterAddr: '10.0.0.1:10911',
  });
  expect(routes.routeOf('T1')?.queueDatas[0].readQueueNums).toBe(4);
  expect(routes.routeOf('T7')).toBeUndefined();
  expect(routes.routeOf('T1')?.brokerDatas[0].brokerAddrs).toEqual({ 0: '10.0.0.1:10911', 1: '10.0.0.2:10911' });
});

test('slaves of brokers before 5.0 never announce topics', () => {
  routes.register(slave({ enableActingMaster: undefined }));
  expect(routes.topicNames()).toEqual([]);
});

test('an address that registers under another id is listed once', () => {
  routes.register(slave());
  routes.register(slave({ brokerId: 0, counter: 2 }));
  expect(routes.memberAddresses('broker-a')).toEqual({ 0: '10.0.0.2:10911' });
});

test('a second process with the same id replaces the first, unless its state is older', () => {
  routes.register(registration({ topics: { ...registration().topics, dataVersion: version(1, 7) } }));
  const other = registration({ brokerAddr: '10.0.0.9:10911', connectionId: 9 });
  expect(routes.register({ ...other, topics: { ...other.topics, dataVersion: version(1, 6) } })).toEqual({});
  expect(routes.memberAddresses('broker-a')).toEqual({ 0: '10.0.0.1:10911' });
  routes.register({ ...other, topics: { ...other.topics, dataVersion: version(1, 7) } });
  expect(routes.memberAddresses('broker-a')).toEqual({ 0: '10.0.0.9:10911' });
});

test('with its last address a name goes, with its queues and its cluster', () => {
  routes.register(registration());
  routes.register(slave());
  routes.unregister({ ...A, brokerId: 1, brokerAddr: '10.0.0.2:10911' });
  expect(routes.routeOf('T1')).toBeDefined();
  routes.register(registration({ brokerName: 'broker-b', brokerAddr: '10.0.0.3:10911', connectionId: 3 }));
  routes.unregister(A);
  expect(routes.routeOf('T1')?.brokerDatas.map(({ brokerName }) => brokerName)).toEqual(['broker-b']);
  routes.unregister({ ...A, brokerName: 'broker-b', brokerAddr: '10.0.0.3:10911' });
  expect(routes.topicNames()).toEqual([]);
  expect(routes.clusterInfo()).toEqual({ brokerAddrTable: {}, clusterAddrTable: {} });
  routes.unregister(A);
});

test('a closed connection removes the brokers that registered over it, and only those', () => {
  routes.register(registration());
  routes.register(registration({ brokerName: 'broker-b', brokerAddr: '10.0.0.3:10911', connectionId: 3 }));
  routes.connectionClosed(3);
  expect(routes.clusterInfo().clusterAddrTable).toEqual({ C: ['broker-a'] });
});

test('a broker that has registered again over another connection survives the close of the old one', () => {
  routes.register(registration({ connectionId: 1 }));
  routes.register(registration({ connectionId: 2 }));
  routes.connectionClosed(1);
  expect(routes.routeOf('T1')).toBeDefined();
});

test('a silent broker is dropped by the first scan after its time; every sign of life counts', () => {
  const closed: number[] = [];
  const liveness = new BrokerLiveness(routes, (id) => closed.push(id), 5000, clock);
  liveness.start();
  routes.register(registration());
  clock.advance(120_000);
  expect(routes.routeOf('T1'), 'exactly at its time it still lives').toBeDefined();
  routes.refresh(A);
  clock.advance(120_000);
  expect(closed).toEqual([]);
  clock.advance(5000);
  expect(routes.routeOf('T1')).toBeUndefined();
  expect(closed).toEqual([1]);
  routes.refresh(A);
  expect(routes.routeOf('T1')).toBeUndefined();
  liveness.stop();
  expect(clock.pendingTimers).toBe(0);
});

test('a broker may name its own time', () => {
  routes.register(registration({ heartbeatTimeoutMs: 10_000 }));
  clock.advance(10_001);
  expect(routes.expireSilent().map(({ brokerName }) => brokerName)).toEqual(['broker-a']);
});

test('the data version is known until the broker leaves', () => {
  expect(routes.dataVersionOf(A)).toBeUndefined();
  routes.register(registration({ counter: 42 }));
  expect(routes.dataVersionOf(A)).toEqual(version(42));
  routes.unregister(A);
  expect(routes.dataVersionOf(A)).toBeUndefined();
});

test('write permission is taken and given for all topics of a broker', () => {
  routes.register(registration({ configs: [topic('T1'), topic('TBW102', { perm: 7 })] }));
  expect(routes.wipeWritePermission('broker-a')).toBe(2);
  expect([permOf('T1'), permOf('TBW102')]).toEqual([4, 5]);
  expect(routes.addWritePermission('broker-a')).toBe(2);
  expect([permOf('T1'), permOf('TBW102')]).toEqual([6, 6]);
  expect(routes.wipeWritePermission('nobody')).toBe(0);
});

test('a topic is deleted everywhere or in one cluster', () => {
  routes.register(registration());
  routes.register(registration({ clusterName: 'D', brokerName: 'broker-d', brokerAddr: '10.0.0.4:10911' }));
  routes.deleteTopic('T1', 'D');
  expect(routes.routeOf('T1')?.queueDatas.map(({ brokerName }) => brokerName)).toEqual(['broker-a']);
  routes.deleteTopic('T1');
  expect(routes.routeOf('T1')).toBeUndefined();
  routes.deleteTopic('T2', 'none');
  expect(routes.routeOf('T2')?.queueDatas).toHaveLength(2);
});

test('topics can be added for known brokers, all or none', () => {
  routes.register(registration());
  const queues = { brokerName: 'broker-a', readQueueNums: 1, writeQueueNums: 1, perm: 6, topicSysFlag: 0 };
  routes.registerTopic('X', [queues, { ...queues, brokerName: 'stranger' }]);
  expect(routes.routeOf('X')).toBeUndefined();
  routes.registerTopic('X', [queues]);
  expect(routes.routeOf('X')?.queueDatas).toEqual([queues]);
});

test('topics are listed by their unit flags', () => {
  routes.register(registration({ configs: [topic('plain'), topic('unit', { topicSysFlag: 1 }), topic('sub', { topicSysFlag: 2 }), topic('both', { topicSysFlag: 3 })] }));
  expect(routes.topicNamesByFlag((flag) => (flag & 1) !== 0)).toEqual(['unit', 'both']);
});

test('filter servers are handed on until their broker leaves', () => {
  routes.register(registration({ filterServers: ['10.0.0.1:7000'] }));
  expect(routes.routeOf('T1')?.filterServerTable).toEqual({ '10.0.0.1:10911': ['10.0.0.1:7000'] });
  routes.register(registration());
  expect(routes.routeOf('T1')?.filterServerTable).toEqual({});
});

test('acting masters: the first slave is read-only and shown as master', () => {
  settings.supportActingMaster = true;
  const changes: MinBrokerIdChange[] = [];
  routes.onMinBrokerIdChanged((change) => changes.push(change));
  routes.register(registration({ enableActingMaster: true }));
  routes.register(slave({ enableActingMaster: true }));
  expect(changes).toEqual([]);
  routes.unregister(A);
  expect(routes.routeOf('T1')).toMatchObject({ brokerDatas: [{ brokerAddrs: { 0: '10.0.0.2:10911' } }], queueDatas: [{ perm: 4 }] });
  expect(changes).toEqual([{ brokerName: 'broker-a', minBrokerId: 1, minBrokerAddr: '10.0.0.2:10911', offlineBrokerAddr: '10.0.0.1:10911', notify: ['10.0.0.2:10911'] }]);
  routes.register(registration({ enableActingMaster: true, counter: 2 }));
  expect(permOf('T1')).toBe(6);
  expect(changes[1]).toMatchObject({ minBrokerId: 0, notify: ['10.0.0.2:10911'], haServerAddr: '10.0.0.1:10912' });
  settings.supportActingMaster = false;
  routes.unregister(A);
  expect(routes.routeOf('T1')?.brokerDatas[0].brokerAddrs).toEqual({ 1: '10.0.0.2:10911' });
});

test('no slave is shown as master of a topic that is writeable, or without leave', () => {
  settings.supportActingMaster = true;
  routes.register(registration({ enableActingMaster: true }));
  routes.register(slave({ enableActingMaster: true }));
  routes.unregister(A);
  routes.addWritePermission('broker-a');
  expect(routes.routeOf('T1')?.brokerDatas[0].brokerAddrs).toEqual({ 1: '10.0.0.2:10911' });
  routes.wipeWritePermission('broker-a');
  expect(routes.routeOf('T1')?.brokerDatas[0].brokerAddrs).toEqual({ 0: '10.0.0.2:10911' });
  routes.register(slave({ enableActingMaster: false }));
  expect(routes.routeOf('T1')?.brokerDatas[0].brokerAddrs).toEqual({ 1: '10.0.0.2:10911' });
});

test('zones: brokers of other zones go unless they have lost their master', () => {
  routes.register(registration({ zoneName: 'east' }));
  routes.register(registration({ brokerName: 'broker-b', brokerAddr: '10.0.0.3:10911', zoneName: 'west' }));
  const route = routes.routeOf('T1');
  if (route === undefined) throw new Error('no route');
  expect(filterByZone(route, 'EAST').queueDatas.map(({ brokerName }) => brokerName)).toEqual(['broker-a']);
  expect(filterByZone(route, 'north')).toMatchObject({ brokerDatas: [], queueDatas: [] });
});

const routeText = (ids: string, zone: string): string =>
  `{"brokerDatas":[{"brokerAddrs":{${ids}:"10.0.0.1:10911"},"brokerName":"broker-a","cluster":"C","enableActingMaster":false,"zoneName":"${zone}"}],` +
  '"filterServerTable":{},"queueDatas":[{"brokerName":"broker-a","perm":6,"readQueueNums":4,"topicSysFlag":0,"writeQueueNums":4}]}';

test('routes have bare broker ids for clients before 4.9.4, and ASCII JSON for all others', () => {
  routes.register(registration({ zoneName: 'zürich' }));
  const route = routes.routeOf('T1');
  if (route === undefined) throw new Error('no route');
  expect(encodeRouteFor(route, 400, false).toString()).toBe(routeText('0', 'zürich'));
  expect(encodeRouteFor(route, 400, true).toString()).toBe(routeText('"0"', 'z\\u00FCrich'));
  expect(encodeRouteFor(route, 401, false).toString()).toBe(routeText('"0"', 'z\\u00FCrich'));
  for (const version of [300, 479]) expect(decodeTopicRouteData(encodeRouteFor({ ...route, orderTopicConf: 'broker-a:4' }, version, false))).toEqual({ ...route, orderTopicConf: 'broker-a:4' });
});
