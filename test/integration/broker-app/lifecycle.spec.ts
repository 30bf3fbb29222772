import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

import { decodeTopicRouteData } from '../../../lib/protocol/body/topic-route-data.js';
import { getMaxOffset } from '../../../lib/protocol/commands/offset/get-max-offset.command.js';
import { sendMessage } from '../../../lib/protocol/commands/message/send-message.command.js';
import { getRouteInfoByTopic } from '../../../lib/protocol/commands/name-server/get-route-info-by-topic.command.js';
import { pullMessage } from '../../../lib/protocol/commands/message/pull-message.command.js';
import { RemotingClient } from '../../../lib/remoting/remoting-client.js';
import { SystemClock } from '../../../lib/runtime/clock.js';
import { silentLogger } from '../../../lib/runtime/logger.js';
import { spawnOurBroker, startOurBroker, type OurBroker, type SpawnedBroker } from '../../support/our-broker.js';

const client = new RemotingClient({}, new SystemClock(), silentLogger);
const running: (Pick<OurBroker, 'stop'> | Pick<SpawnedBroker, 'stop'>)[] = [];

afterEach(async () => {
  for (const broker of running.splice(0)) await broker.stop();
  for (const address of client.connectedAddresses()) client.disconnect(address);
});

function send(address: string, topic: string, body = 'hello') {
  const header = {
    producerGroup: 'PG', topic, defaultTopic: 'TBW102', defaultTopicQueueNums: 4, queueId: 0,
    sysFlag: 0, bornTimestamp: Date.now(), flag: 0, properties: '', reconsumeTimes: 0,
  };
  return client.invokeCommand(sendMessage, address, header, Buffer.from(body), 10_000);
}

const maxOffsetOf = async (address: string, topic: string) => (await client.invokeCommand(getMaxOffset, address, { topic, queueId: 0, committed: true })).header.offset;

test('a message sent to the broker that the NameServer names is stored, on both ports', async () => {
  const broker = await startOurBroker({ broker: { fastListenPort: 0 } });
  running.push(broker);
  expect((await send(broker.brokerAddress, 'T')).code).toBe(0);
  const fast = `127.0.0.1:${broker.fastPort}`;
  expect((await send(fast, 'T')).code).toBe(0);
  expect(await maxOffsetOf(broker.brokerAddress, 'T')).toBe(2);
  const route = decodeTopicRouteData((await client.invokeCommand(getRouteInfoByTopic, broker.nameServer, { topic: 'T' })).body);
  expect(route.brokerDatas[0].brokerAddrs[0]).toBe(broker.brokerAddress);
});

test('the fast port does not serve pulls', async () => {
  const broker = await startOurBroker({ broker: { fastListenPort: 0 } });
  running.push(broker);
  const response = await client.invoke(`127.0.0.1:${broker.fastPort}`, { code: pullMessage.code });
  expect(response).toMatchObject({ code: 3, remark: ' request type 11 not supported' });
});

test('two brokers in one process share nothing', async () => {
  const [first, second] = await Promise.all([startOurBroker(), startOurBroker()]);
  running.push(first, second);
  expect(first.brokerAddress).not.toBe(second.brokerAddress);
  await send(first.brokerAddress, 'OnlyHere');
  expect(await maxOffsetOf(first.brokerAddress, 'OnlyHere')).toBe(1);
  expect((await client.invokeCommand(getRouteInfoByTopic, second.nameServer, { topic: 'OnlyHere' })).code).toBe(17);
  await first.stop();
  expect((await send(second.brokerAddress, 'T')).code).toBe(0);
});

test('a stopped broker has given back its directory and its ports', async () => {
  const first = await startOurBroker({ directory: undefined });
  await send(first.brokerAddress, 'T');
  const port = Number(first.brokerAddress.split(':')[1]);
  await first.stop();
  await first.stop();
  expect(existsSync(first.directory)).toBe(false);
  const again = await startOurBroker({ broker: { listenPort: port, fastPortEnable: false } });
  running.push(again);
  expect(again.brokerAddress).toBe(first.brokerAddress);
});

test('a start that fails leaves nothing behind: the ports and the directory can be used at once', async () => {
  const first = await startOurBroker();
  running.push(first);
  const nameServerPort = Number(first.nameServer.split(':')[1]);
  const store = join(first.directory, 'store');
  await expect(startOurBroker({ broker: { storePathRootDir: store } })).rejects.toMatchObject({ code: 'STORE_LOCKED' });
  await expect(startOurBroker({ nameServer: { listenPort: nameServerPort } })).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
  const port = Number(first.brokerAddress.split(':')[1]);
  await expect(startOurBroker({ broker: { listenPort: port } })).rejects.toMatchObject({ code: 'ADDRESS_IN_USE', message: expect.stringContaining(String(port)) });
  expect((await send(first.brokerAddress, 'T')).code).toBe(0);
});

test('a held pull does not hold up the stop', async () => {
  const broker = await startOurBroker();
  await send(broker.brokerAddress, 'T');
  const header = {
    consumerGroup: 'CG', topic: 'T', queueId: 0, queueOffset: 1, maxMsgNums: 32, sysFlag: 2 | 4, commitOffset: 0, suspendTimeoutMillis: 60_000,
    subscription: '*', subVersion: 0, expressionType: 'TAG',
  };
  const held = client.invokeCommand(pullMessage, broker.brokerAddress, header, undefined, 60_000);
  await client.invokeCommand(getMaxOffset, broker.brokerAddress, { topic: 'T', queueId: 0, committed: true });
  const started = Date.now();
  await broker.stop();
  expect(Date.now() - started).toBeLessThan(20_000);
  expect((await held).code).toBe(19);
});

test('a killed process comes back on the same directory and ports with what it had acknowledged', async () => {
  let broker = await spawnOurBroker();
  running.push({ stop: () => broker.stop() });
  expect((await send(broker.brokerAddress, 'T')).code).toBe(0);
  await broker.kill();
  const address = broker.brokerAddress;
  broker = await broker.restart();
  expect(broker.brokerAddress).toBe(address);
  expect(await maxOffsetOf(address, 'T')).toBe(1);
  const directory = broker.directory;
  expect(await broker.stop()).toBe(0);
  expect(existsSync(directory)).toBe(false);
  rmSync(directory, { recursive: true, force: true });
});
