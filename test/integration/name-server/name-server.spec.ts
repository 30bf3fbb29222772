import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { NameServerOptions } from '../../../broker/config/name-server-options.js';
import { startNameServer, type NameServerHandle } from '../../../broker/start-name-server.js';
import { decodeBrokerMemberGroup, decodeClusterInfo } from '../../../lib/protocol/body/cluster-info.js';
import { encodeDataVersion } from '../../../lib/protocol/body/data-version.js';
import { decodeKvTable } from '../../../lib/protocol/body/kv-table.js';
import { encodeRegisterBrokerBody } from '../../../lib/protocol/body/register-broker-body.js';
import { decodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { decodeTopicRouteData, encodeTopicRouteData } from '../../../lib/protocol/body/topic-route-data.js';
import { brokerHeartbeat } from '../../../lib/protocol/commands/name-server/broker-heartbeat.command.js';
import { deleteKvConfig } from '../../../lib/protocol/commands/name-server/delete-kv-config.command.js';
import { deleteTopicInNamesrv } from '../../../lib/protocol/commands/name-server/delete-topic-in-namesrv.command.js';
import { getAllTopicListFromNameserver } from '../../../lib/protocol/commands/name-server/get-all-topic-list-from-nameserver.command.js';
import { getBrokerClusterInfo } from '../../../lib/protocol/commands/name-server/get-broker-cluster-info.command.js';
import { getBrokerMemberGroup } from '../../../lib/protocol/commands/name-server/get-broker-member-group.command.js';
import { getKvConfig } from '../../../lib/protocol/commands/name-server/get-kv-config.command.js';
import { getKvListByNamespace } from '../../../lib/protocol/commands/name-server/get-kv-list-by-namespace.command.js';
import { getNamesrvConfig } from '../../../lib/protocol/commands/name-server/get-namesrv-config.command.js';
import { getRouteInfoByTopic } from '../../../lib/protocol/commands/name-server/get-route-info-by-topic.command.js';
import { getSystemTopicListFromNs } from '../../../lib/protocol/commands/name-server/get-system-topic-list-from-ns.command.js';
import { getTopicsByCluster } from '../../../lib/protocol/commands/name-server/get-topics-by-cluster.command.js';
import { getUnitTopicList } from '../../../lib/protocol/commands/name-server/get-unit-topic-list.command.js';
import { putKvConfig } from '../../../lib/protocol/commands/name-server/put-kv-config.command.js';
import { queryDataVersion } from '../../../lib/protocol/commands/name-server/query-data-version.command.js';
import { registerBroker } from '../../../lib/protocol/commands/name-server/register-broker.command.js';
import { registerTopicInNamesrv } from '../../../lib/protocol/commands/name-server/register-topic-in-namesrv.command.js';
import { unregisterBroker } from '../../../lib/protocol/commands/name-server/unregister-broker.command.js';
import { updateNamesrvConfig } from '../../../lib/protocol/commands/name-server/update-namesrv-config.command.js';
import { wipeWritePermOfBroker } from '../../../lib/protocol/commands/name-server/wipe-write-perm-of-broker.command.js';
import { addWritePermOfBroker } from '../../../lib/protocol/commands/name-server/add-write-perm-of-broker.command.js';
import type { Command, RequestHeaderOf } from '../../../lib/protocol/define-command.js';
import { bodyCrc } from '../../../lib/protocol/message/crc32.js';
import { RemotingClient } from '../../../lib/remoting/remoting-client.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { silentLogger } from '../../../lib/runtime/logger.js';
import { eventually } from '../../support/eventually.js';

let directory: string;
let nameServer: NameServerHandle;
const clients: RemotingClient[] = [];

function newClient(): RemotingClient {
  const client = new RemotingClient({}, new SystemClock(), silentLogger);
  clients.push(client);
  return client;
}

async function restart(options: Partial<NameServerOptions> = {}): Promise<void> {
  await nameServer?.stop();
  nameServer = await startNameServer({
    bindAddress: '127.0.0.1',
    listenPort: 0,
    kvConfigPath: join(directory, 'kv', 'kvConfig.json'),
    configStorePath: join(directory, 'namesrv.properties'),
    ...options,
  });
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rmq-ns-'));
  await restart();
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await nameServer.stop();
  rmSync(directory, { recursive: true });
});

function call<C extends Command>(command: C, header: RequestHeaderOf<C>, body?: Uint8Array, client = newClient()) {
  return client.invokeCommand(command, nameServer.nameServerAddress, header, body, 5000);
}

const broker = { clusterName: 'C', brokerName: 'broker-a', brokerAddr: '10.0.0.1:10911', brokerId: 0 };
const dataVersion = { counter: 3, timestamp: 5, stateVersion: 0 };

function registerBody(names: readonly string[], compressed = false, version = dataVersion): Buffer {
  const configs = names.map((topicName) => {
    return [topicName, { topicName, readQueueNums: 4, writeQueueNums: 4, perm: 6, topicFilterType: 'SINGLE_TAG', topicSysFlag: topicName === 'unit' ? 1 : 0, order: false, attributes: {} }] as const;
  });
  const topicConfigSerializeWrapper = {
    topicConfigTable: Object.fromEntries(configs),
    dataVersion: version,
    mappingDataVersion: version,
    topicQueueMappingInfoMap: {},
    topicQueueMappingDetailMap: {},
  };
  return encodeRegisterBrokerBody({ topicConfigSerializeWrapper, filterServerList: [] }, compressed);
}

async function register(names = ['T1', 'T2'], rest: { compressed?: boolean; client?: RemotingClient; header?: Partial<RequestHeaderOf<typeof registerBroker>> } = {}) {
  const body = registerBody(names, rest.compressed);
  const header = { ...broker, haServerAddr: '10.0.0.1:10912', enableActingMaster: false, compressed: rest.compressed ?? false, bodyCrc32: bodyCrc(body), ...rest.header };
  return call(registerBroker, header, body, rest.client);
}

const routeOf = async (topic: string) => {
  const response = await call(getRouteInfoByTopic, { topic });
  return response.code === 0 ? decodeTopicRouteData(response.body) : { code: response.code, remark: response.remark };
};

test.each([false, true])('a registered broker (compressed body: %s) is found by topic, and leaves by its farewell', async (compressed) => {
  expect((await register(['T1', 'T2'], { compressed })).code).toBe(0);
  expect(await routeOf('T1')).toMatchObject({ queueDatas: [{ brokerName: 'broker-a', perm: 6 }], brokerDatas: [{ brokerAddrs: { 0: '10.0.0.1:10911' } }] });
  expect((await call(unregisterBroker, broker)).code).toBe(0);
  expect(await routeOf('T1')).toEqual({ code: 17, remark: expect.stringContaining('No topic route info in name server for the topic: T1') });
});

test('a damaged or refused registration is answered 1', async () => {
  expect(await register(['T1', 'T2'], { header: { bodyCrc32: 1 } })).toMatchObject({ code: 1, remark: 'crc32 not match' });
  expect(await register(['T1'])).toMatchObject({ code: 1, remark: 'register broker failed' });
  const malformed = await call(registerBroker, { ...broker, haServerAddr: '', compressed: true, bodyCrc32: 0 }, Buffer.from('not zlib'));
  expect(malformed.code).toBe(1);
  expect(malformed.remark).not.toBe('');
  expect((await call(getBrokerClusterInfo, {})).code).toBe(0);
});

test('a broker is gone as soon as its connection is closed', async () => {
  const client = newClient();
  await register(['T1', 'T2'], { client });
  expect(await routeOf('T1')).toHaveProperty('queueDatas');
  await client.close();
  await eventually('the route is gone', async () => 'code' in (await routeOf('T1')));
});

test('a silent broker is dropped with its connection; heartbeats and version queries keep it', async () => {
  await restart({ brokerExpiredTime: 400, scanNotActiveBrokerInterval: 20 });
  const client = newClient();
  await register(['T1', 'T2'], { client });
  const until = Date.now() + 900;
  while (Date.now() < until) {
    await call(brokerHeartbeat, broker, undefined, client);
    await call(queryDataVersion, broker, encodeDataVersion(dataVersion), client);
    expect(await routeOf('T1')).toHaveProperty('queueDatas');
  }
  await eventually('the broker is dropped', async () => 'code' in (await routeOf('T1')));
  await eventually('its connection is closed', () => client.connectedAddresses().length === 0);
});

test('the data version tells whether to register again', async () => {
  const ask = async (version = dataVersion) => {
    const response = await call(queryDataVersion, broker, encodeDataVersion(version));
    return [response.header.changed, response.body.length === 0 ? undefined : JSON.parse(response.body.toString())];
  };
  expect(await ask()).toEqual([true, undefined]);
  await register();
  expect(await ask()).toEqual([false, dataVersion]);
  expect(await ask({ ...dataVersion, counter: 4 })).toEqual([true, dataVersion]);
});

test('lists of brokers and topics', async () => {
  await register(['T1', 'unit']);
  expect(decodeClusterInfo((await call(getBrokerClusterInfo, {})).body)).toMatchObject({ clusterAddrTable: { C: ['broker-a'] } });
  expect(decodeBrokerMemberGroup((await call(getBrokerMemberGroup, { clusterName: 'C', brokerName: 'broker-a' })).body)).toEqual({
    cluster: 'C',
    brokerName: 'broker-a',
    brokerAddrs: { 0: '10.0.0.1:10911' },
  });
  expect(decodeTopicList((await call(getAllTopicListFromNameserver, {})).body).topicList).toEqual(['T1', 'unit']);
  expect(decodeTopicList((await call(getTopicsByCluster, { cluster: 'C' })).body).topicList).toEqual(['T1', 'unit']);
  expect(decodeTopicList((await call(getUnitTopicList, {})).body).topicList).toEqual(['unit']);
  expect(decodeTopicList((await call(getSystemTopicListFromNs, {})).body)).toEqual({ topicList: ['C', 'broker-a'], brokerAddr: '10.0.0.1:10911' });
});

test('topic lists can be switched off at run time, and the change is written down', async () => {
  const update = (text: string) => call(updateNamesrvConfig, {}, Buffer.from(text));
  expect(await update('enableAllTopicList=false\nenableTopicList=false')).toMatchObject({ code: 0 });
  expect(await call(getAllTopicListFromNameserver, {})).toMatchObject({ code: 1, remark: 'disable' });
  expect(await call(getTopicsByCluster, { cluster: 'C' })).toMatchObject({ code: 1, remark: 'disable' });
  expect((await call(getNamesrvConfig, {})).body.toString()).toMatch(/^enableAllTopicList=false$/m);
  expect(readFileSync(join(directory, 'namesrv.properties'), 'latin1')).toMatch(/^enableAllTopicList=false$/m);
  expect(await update('kvConfigPath=/tmp/x')).toMatchObject({ code: 16 });
  expect(await update('listenPort=none')).toMatchObject({ code: 1, remark: expect.stringContaining('listenPort=none: allowed is') });
  expect(await update('a=\\u00')).toMatchObject({ code: 1 });
});

test('key-value settings survive a restart; brokers and routes carry the order settings', async () => {
  await restart({ orderMessageEnable: true });
  const order = { namespace: 'ORDER_TOPIC_CONFIG', key: 'T1' };
  expect((await call(putKvConfig, { ...order, value: 'broker-a:4' })).code).toBe(0);
  expect((await call(putKvConfig, { ...order, key: 'gone', value: 'x' })).code).toBe(0);
  expect((await call(deleteKvConfig, { ...order, key: 'gone' })).code).toBe(0);
  expect(existsSync(join(directory, 'kv', 'kvConfig.json'))).toBe(true);
  await restart({ orderMessageEnable: true });
  expect((await call(getKvConfig, order)).header.value).toBe('broker-a:4');
  expect(decodeKvTable((await call(getKvListByNamespace, { namespace: 'ORDER_TOPIC_CONFIG' })).body).table).toEqual({ T1: 'broker-a:4' });
  expect(await call(getKvConfig, { ...order, key: 'gone' })).toMatchObject({ code: 22 });
  expect(await call(getKvListByNamespace, { namespace: 'none' })).toMatchObject({ code: 22 });
  const registered = await register();
  expect(decodeKvTable(registered.body).table).toEqual({ T1: 'broker-a:4' });
  expect(await routeOf('T1')).toMatchObject({ orderTopicConf: 'broker-a:4' });
});

test('administrators take and give write permission, delete and add topics', async () => {
  await register(['T1', 'T2']);
  expect((await call(wipeWritePermOfBroker, { brokerName: 'broker-a' })).header.wipeTopicCount).toBe(2);
  expect(await routeOf('T1')).toMatchObject({ queueDatas: [{ perm: 4 }] });
  expect((await call(addWritePermOfBroker, { brokerName: 'broker-a' })).header.addTopicCount).toBe(2);
  expect(await routeOf('T1')).toMatchObject({ queueDatas: [{ perm: 6 }] });
  await call(deleteTopicInNamesrv, { topic: 'T1' });
  expect(await routeOf('T1')).toMatchObject({ code: 17 });
  const queueDatas = [{ brokerName: 'broker-a', readQueueNums: 2, writeQueueNums: 2, perm: 6, topicSysFlag: 0 }];
  await call(registerTopicInNamesrv, { topic: 'T9' }, encodeTopicRouteData({ queueDatas, brokerDatas: [], filterServerTable: {} }));
  expect(await routeOf('T9')).toMatchObject({ queueDatas });
});

test('routes are refused at first when brokers are to be waited for', async () => {
  await restart({ needWaitForService: true, waitSecondsForService: 3600 });
  await register();
  expect(await routeOf('T1')).toEqual({ code: 1, remark: 'name server not ready' });
});

test('two NameServers in one process know nothing of each other, and a taken port is one clear error', async () => {
  await register();
  const first = nameServer;
  const port = Number(first.nameServerAddress.split(':')[1]);
  await expect(startNameServer({ bindAddress: '127.0.0.1', listenPort: port, kvConfigPath: join(directory, 'other.json') })).rejects.toMatchObject({
    code: 'ADDRESS_IN_USE',
    message: expect.stringContaining(String(port)),
  });
  const second = await startNameServer({ bindAddress: '127.0.0.1', listenPort: 0, kvConfigPath: join(directory, 'other.json') });
  const response = await newClient().invokeCommand(getRouteInfoByTopic, second.nameServerAddress, { topic: 'T1' });
  expect(response.code).toBe(17);
  await second.stop();
  await second.stop();
  expect(await routeOf('T1')).toHaveProperty('queueDatas');
});
