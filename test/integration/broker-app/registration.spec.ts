import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { startBroker, type BrokerHandle } from '../../../broker/start-broker.js';
import { startNameServer, type NameServerHandle } from '../../../broker/start-name-server.js';
import { decodeTopicRouteData } from '../../../lib/protocol/body/topic-route-data.js';
import { decodeTopicList } from '../../../lib/protocol/body/topic-list.js';
import { getAllTopicListFromNameserver } from '../../../lib/protocol/commands/name-server/get-all-topic-list-from-nameserver.command.js';
import { getRouteInfoByTopic } from '../../../lib/protocol/commands/name-server/get-route-info-by-topic.command.js';
import { putKvConfig } from '../../../lib/protocol/commands/name-server/put-kv-config.command.js';
import { updateBrokerConfig } from '../../../lib/protocol/commands/admin/update-broker-config.command.js';
import { sendMessage } from '../../../lib/protocol/commands/message/send-message.command.js';
import { getTopicConfig } from '../../../lib/protocol/commands/topic/get-topic-config.command.js';
import { decodeTopicConfig } from '../../../lib/protocol/body/topic-config.js';
import { RemotingClient } from '../../../lib/remoting/remoting-client.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { silentLogger } from '../../../lib/runtime/logger.js';
import { systemRuntime } from '../../../broker/runtime.js';
import { eventually } from '../../support/eventually.js';

const runtime = systemRuntime(undefined, 'off');
let directory: string;
let client: RemotingClient;
let nameServers: NameServerHandle[];
let brokers: BrokerHandle[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rmq-reg-'));
  client = new RemotingClient({}, new SystemClock(), silentLogger);
  nameServers = [];
  brokers = [];
});

afterEach(async () => {
  await client.close();
  for (const part of [...brokers, ...nameServers]) await part.stop();
  rmSync(directory, { recursive: true });
});

async function nameServer(listenPort = 0): Promise<NameServerHandle> {
  const kvConfigPath = join(directory, `kv-${nameServers.length}.json`);
  const handle = await startNameServer({ bindAddress: '127.0.0.1', listenPort, kvConfigPath, configStorePath: `${kvConfigPath}.properties` }, { runtime });
  nameServers.push(handle);
  return handle;
}

async function broker(namesrvAddr: string, brokerName = 'broker-a', rest = {}): Promise<BrokerHandle> {
  const handle = await startBroker(
    {
      brokerName, namesrvAddr, listenPort: 0, brokerIP1: '127.0.0.1', bindAddress: '127.0.0.1', storePathRootDir: join(directory, brokerName),
      mappedFileSizeCommitLog: 1 << 20, maxHashSlotNum: 1000, maxIndexNum: 4000, ...rest,
    },
    { runtime },
  );
  brokers.push(handle);
  return handle;
}

async function addressesOf(nameServerAddress: string, topic: string): Promise<string[]> {
  const response = await client.invokeCommand(getRouteInfoByTopic, nameServerAddress, { topic });
  return response.code === 0 ? decodeTopicRouteData(response.body).brokerDatas.map(({ brokerAddrs }) => brokerAddrs[0]) : [];
}

function send(address: string, topic: string) {
  const header = {
    producerGroup: 'PG', topic, defaultTopic: 'TBW102', defaultTopicQueueNums: 4, queueId: 0,
    sysFlag: 0, bornTimestamp: 1, flag: 0, properties: '', reconsumeTimes: 0,
  };
  return client.invokeCommand(sendMessage, address, header, Buffer.from('x'), 10_000);
}

test.each([{}, { compressedRegister: true, forceRegister: false }])('a started broker is known to all its NameServers, new topics at once, and to none after its stop (%j)', async (settings) => {
  const [first, second] = [await nameServer(), await nameServer()];
  const one = await broker(`${first.nameServerAddress};${second.nameServerAddress}`, 'broker-a', settings);
  for (const { nameServerAddress } of [first, second]) {
    expect(await addressesOf(nameServerAddress, 'TBW102')).toEqual([one.brokerAddress]);
  }
  await send(one.brokerAddress, 'Fresh');
  for (const { nameServerAddress } of [first, second]) {
    await eventually('the new topic is known', async () => (await addressesOf(nameServerAddress, 'Fresh')).length === 1);
  }
  await one.stop();
  for (const { nameServerAddress } of [first, second]) {
    expect(decodeTopicList((await client.invokeCommand(getAllTopicListFromNameserver, nameServerAddress, {})).body).topicList).toEqual([]);
  }
});

test('two brokers share a topic\'s route', async () => {
  const { nameServerAddress } = await nameServer();
  const both = [await broker(nameServerAddress, 'broker-a'), await broker(nameServerAddress, 'broker-b')];
  for (const { brokerAddress } of both) await send(brokerAddress, 'Shared');
  await eventually('both are in the route', async () => (await addressesOf(nameServerAddress, 'Shared')).length === 2);
  expect((await addressesOf(nameServerAddress, 'Shared')).sort()).toEqual(both.map(({ brokerAddress }) => brokerAddress).sort());
});

test('an unreachable NameServer neither holds up the start nor the others; it is told when it appears', async () => {
  const probe = await nameServer();
  const absent = probe.nameServerAddress;
  await probe.stop();
  const present = await nameServer();
  const one = await broker(`${absent};${present.nameServerAddress}`);
  expect(await addressesOf(present.nameServerAddress, 'TBW102')).toEqual([one.brokerAddress]);
  await nameServer(Number(absent.split(':')[1]));
  await eventually('the late one knows the broker', async () => (await addressesOf(absent, 'TBW102')).length === 1);
});

test('a NameServer that was restarted empty is told everything again', async () => {
  const first = await nameServer();
  const one = await broker(first.nameServerAddress);
  await send(one.brokerAddress, 'Kept');
  await first.stop();
  const again = await nameServer(Number(first.nameServerAddress.split(':')[1]));
  await eventually('it knows the topic again', async () => (await addressesOf(again.nameServerAddress, 'Kept')).length === 1);
});

test('order settings of a NameServer mark the topic as ordered', async () => {
  const { nameServerAddress } = await nameServer();
  await client.invokeCommand(putKvConfig, nameServerAddress, { namespace: 'ORDER_TOPIC_CONFIG', key: 'Ordered', value: 'broker-a:4' });
  const one = await broker(nameServerAddress);
  await send(one.brokerAddress, 'Ordered');
  await send(one.brokerAddress, 'Other');
  await eventually('the topic is ordered', async () => {
    const response = await client.invokeCommand(getTopicConfig, one.brokerAddress, { topic: 'Ordered' });
    return decodeTopicConfig(response.body).order;
  });
});

test('a broker that loses its write permission is read-only in all routes', async () => {
  const { nameServerAddress } = await nameServer();
  const one = await broker(nameServerAddress);
  await send(one.brokerAddress, 'T');
  expect((await client.invokeCommand(updateBrokerConfig, one.brokerAddress, {}, Buffer.from('brokerPermission=4'))).code).toBe(0);
  await eventually('the route is read-only', async () => {
    const response = await client.invokeCommand(getRouteInfoByTopic, nameServerAddress, { topic: 'T' });
    return response.code === 0 && decodeTopicRouteData(response.body).queueDatas.every(({ perm }) => perm === 4);
  });
});
