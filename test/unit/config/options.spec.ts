import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

import { BROKER_SCHEMA, brokerOptions, fastPortOf, UNUSED_BROKER_KEYS, type BrokerOptions } from '../../../broker/config/broker-options.js';
import { variableOf } from '../../../broker/config/environment.js';
import { LiveOptions } from '../../../broker/config/live-options.js';
import { loadBrokerOptions, loadNameServerOptions, type ConfigInputs } from '../../../broker/config/load-options.js';
import { isUsableAddress } from '../../../broker/config/local-host.js';
import { NAME_SERVER_SCHEMA, nameServerOptions } from '../../../broker/config/name-server-options.js';
import { nearestName } from '../../../broker/config/nearest-name.js';
import { splitAddresses } from '../../../broker/config/schema/network-options.js';
import { NodeFileSystem } from '../../../lib/runtime/node-file-system.js';

const host = { name: 'box', homeDirectory: '/home/me', address: '10.1.2.3', memoryBytes: 1 << 30, pid: 7, resolve: (name: string) => Promise.resolve(name) };
const files = new NodeFileSystem();
const directory = mkdtempSync(join(tmpdir(), 'rmq-config-'));
afterAll(() => rmSync(directory, { recursive: true }));

function load(content: string | undefined, rest: { environment?: ConfigInputs['environment']; flags?: Record<string, string> } = {}) {
  const file = content === undefined ? undefined : join(directory, 'broker.conf');
  if (file !== undefined) writeFileSync(file, content as string);
  const flags = new Map(Object.entries(rest.flags ?? {}));
  return loadBrokerOptions({ file, environment: rest.environment ?? {}, flags }, files, host);
}

test('the defaults are Apache\'s', () => {
  expect(brokerOptions({}, host)).toMatchObject({
    brokerClusterName: 'DefaultCluster',
    brokerName: 'box',
    brokerId: 0,
    brokerIP1: '10.1.2.3',
    brokerIP2: '10.1.2.3',
    listenPort: 10_911,
    haListenPort: 10_912,
    storePathRootDir: '/home/me/store',
    storePathCommitLog: '/home/me/store/commitlog',
    mappedFileSizeCommitLog: 1 << 30,
    flushDiskType: 'ASYNC_FLUSH',
    autoCreateTopicEnable: true,
    defaultTopicQueueNums: 8,
    registerNameServerPeriod: 30_000,
    deleteWhen: '04',
  });
  expect(nameServerOptions({}, host)).toMatchObject({ listenPort: 9876, kvConfigPath: '/home/me/namesrv/kvConfig.json', enableAllTopicList: true });
});

test('every default is one that the option itself allows', () => {
  for (const schema of [BROKER_SCHEMA, NAME_SERVER_SCHEMA]) {
    for (const [key, spec] of Object.entries(schema)) {
      expect([key, spec.accepts(spec.fallback)]).toEqual([key, true]);
      expect([key, spec.parse(String(spec.fallback))]).toEqual([key, spec.fallback]);
      expect(spec.description, key).not.toBe('');
    }
  }
});

test('the environment is over the file, and the command line over both; values are trimmed', () => {
  const { options, given } = load('listenPort = 1000 \nbrokerName=a\nregionId=file', {
    environment: { ROCKETMQ_LISTEN_PORT: '2000', ROCKETMQ_BROKER_NAME: 'b', NAMESRV_ADDR: 'x:1' },
    flags: { listenPort: '3000' },
  });
  expect(options).toMatchObject({ listenPort: 3000, haListenPort: 3001, brokerName: 'b', regionId: 'file', namesrvAddr: 'x:1' });
  expect([...given].sort()).toEqual(['brokerName', 'listenPort', 'namesrvAddr', 'regionId']);
});

test('unknown keys warn with a proposal; Apache\'s other keys are only listed', () => {
  const { warnings, unused } = load('brokerNmae=a\nsendMessageThreadPoolNums=4\nzzzzzzzz=1', { environment: { ROCKETMQ_LISTENPORT: '1', ROCKETMQ_HOME: '/x' } });
  expect(warnings).toEqual([
    'unknown environment variable ROCKETMQ_LISTENPORT; did you mean ROCKETMQ_LISTEN_PORT?',
    expect.stringMatching(/^unknown setting brokerNmae \(.*broker\.conf\); did you mean brokerName\?$/),
    expect.stringMatching(/^unknown setting zzzzzzzz \(.*\); it has no effect$/),
  ]);
  expect(unused).toEqual(['sendMessageThreadPoolNums']);
});

test.each([
  ['listenPort=99999', /listenPort=99999 \(.*broker\.conf\): allowed is an integer from 0 to 65535/],
  ['listenPort=1e3', /listenPort=1e3/],
  ['autoCreateTopicEnable=yes', /autoCreateTopicEnable=yes .*allowed is true or false/],
  ['flushDiskType=SYNC', /flushDiskType=SYNC .*allowed is ASYNC_FLUSH or SYNC_FLUSH/],
  ['namesrvAddr=localhost', /namesrvAddr=localhost .*allowed is host:port, several separated by ";"/],
  ['deleteWhen=25', /deleteWhen=25 .*allowed is hours/],
  ['brokerName=a/b', /brokerName=a\/b/],
  ['messageDelayLevel=1s 5', /messageDelayLevel=1s 5/],
  ['aclEnable=true', /aclEnable=true .*allowed is only false, because this broker does not check access keys/],
  ['enableDLegerCommitLog=true', /only false/],
  ['brokerRole=SLAVE', /brokerId=0 with brokerRole=SLAVE: a slave needs a brokerId above 0/],
  ['brokerId=1', /brokerId=1 with brokerRole=ASYNC_MASTER/],
  ['listenPort=5\nfastListenPort=5', /fastListenPort=5: it must differ/],
])('%j stops the start, naming key, value and what is allowed', (content, message) => {
  expect(() => load(content)).toThrow(message);
  expect(() => load(content)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
});

test('all wrong settings are named at once', () => {
  expect(() => load('listenPort=x\nbrokerId=-1')).toThrow(/wrong settings:\n {2}listenPort=x.*\n {2}brokerId=-1/);
});

const at = (file: string) => () => loadBrokerOptions({ file, environment: {}, flags: new Map() }, files, host);

test('a missing, unreadable or malformed file is one clear error', () => {
  expect(at(join(directory, 'none.conf'))).toThrow(/cannot read the configuration file .*none\.conf: there is no such file/);
  expect(at(directory)).toThrow(/cannot read the configuration file .*EISDIR/);
  writeFileSync(join(directory, 'bad.conf'), 'a=\\u00');
  expect(at(join(directory, 'bad.conf'))).toThrow(/bad\.conf: line 1: /);
});

test('options of programs are checked alike, with typed values', () => {
  expect(brokerOptions({ listenPort: 0, brokerName: undefined }, host)).toMatchObject({ listenPort: 0, haListenPort: 0, brokerName: 'box' });
  expect(() => brokerOptions({ listenPort: '1' } as unknown as Partial<BrokerOptions>, host)).toThrow(/listenPort=1: allowed is an integer/);
  expect(() => brokerOptions({ listenPrt: 1 } as Partial<BrokerOptions>, host)).toThrow(/unknown setting listenPrt \(options\); did you mean listenPort\?/);
});

test.each([
  [{ listenPort: 10_911 }, 10_909],
  [{ listenPort: 0 }, undefined],
  [{ listenPort: 0, fastListenPort: 0 }, 0],
  [{ listenPort: 10_911, fastListenPort: 7000 }, 7000],
  [{ listenPort: 10_911, fastPortEnable: false }, undefined],
  [{ listenPort: 2 }, undefined],
])('%j has the fast port %j', (given, expected) => {
  expect(fastPortOf(brokerOptions(given, host))).toBe(expected);
});

test('a NameServer\'s variables do not reach a broker, and the other way round', () => {
  const environment = { ROCKETMQ_NAMESRV_LISTEN_PORT: '9999', ROCKETMQ_LISTEN_PORT: '7777', ROCKETMQ_NAMESRV_ADDR: 'a:1' };
  const broker = loadBrokerOptions({ environment, flags: new Map() }, files, host);
  const nameServer = loadNameServerOptions({ environment, flags: new Map() }, files, host);
  expect(broker.options).toMatchObject({ listenPort: 7777, namesrvAddr: 'a:1' });
  expect(nameServer.options.listenPort).toBe(9999);
  expect([...broker.warnings, ...nameServer.warnings]).toEqual([]);
});

test('variables are named like their keys', () => {
  expect(['listenPort', 'brokerIP1', 'maxMessageSize', 'enableDLegerCommitLog'].map((key) => variableOf('ROCKETMQ_', key))).toEqual([
    'ROCKETMQ_LISTEN_PORT',
    'ROCKETMQ_BROKER_IP1',
    'ROCKETMQ_MAX_MESSAGE_SIZE',
    'ROCKETMQ_ENABLE_D_LEGER_COMMIT_LOG',
  ]);
  const variables = Object.keys(BROKER_SCHEMA).map((key) => variableOf('', key));
  expect(new Set(variables).size).toBe(variables.length);
});

test('no key that has a meaning is listed as meaningless', () => {
  expect([...UNUSED_BROKER_KEYS].filter((key) => Object.hasOwn(BROKER_SCHEMA, key))).toEqual([]);
  expect(UNUSED_BROKER_KEYS.size).toBeGreaterThan(300);
  for (const key of UNUSED_BROKER_KEYS) expect(key).toMatch(/^[A-Za-z0-9]+$/);
});

test('the sample files of this package are free of mistakes', () => {
  const samples = readdirSync('conf', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.properties'));
  expect(samples.length).toBeGreaterThan(2);
  for (const sample of samples) {
    const inputs = { file: join('conf', sample), environment: {}, flags: new Map<string, string>() };
    const { warnings, unused } = sample.includes('namesrv') ? loadNameServerOptions(inputs, files, host) : loadBrokerOptions(inputs, files, host);
    expect([sample, warnings, unused]).toEqual([sample, [], []]);
  }
});

test('live options change together or not at all, and tell', () => {
  const live = new LiveOptions(NAME_SERVER_SCHEMA, nameServerOptions({}, host));
  const told: string[][] = [];
  live.onChanged((_current, changed) => told.push([...changed]));
  expect(live.update(new Map([['orderMessageEnable', 'true'], ['listenPort', '9876'], ['nonsense', '1']]))).toEqual({
    changed: ['orderMessageEnable'],
    unknown: ['nonsense'],
  });
  expect(() => live.update(new Map([['enableTopicList', 'false'], ['listenPort', 'x']]))).toThrow(/listenPort=x/);
  expect(live.current).toMatchObject({ orderMessageEnable: true, enableTopicList: true });
  expect(told).toEqual([['orderMessageEnable']]);
  expect(live.format()).toMatch(/^orderMessageEnable=true$/m);
});

const info = (address: string, internal = false, family: 'IPv4' | 'IPv6' = 'IPv4') => ({ address, internal, family });

test('addresses are split, and only those others can reach are usable', () => {
  expect(splitAddresses(' a:1; b:2 ;')).toEqual(['a:1', 'b:2']);
  expect([info('127.0.0.1', true), info('169.254.1.1'), info('fe80::1', false, 'IPv6'), info('192.168.0.7')].filter(isUsableAddress)).toEqual([info('192.168.0.7')]);
});

test('the nearest name is found through swaps, case and omissions, and nothing is proposed for noise', () => {
  expect(nearestName('brokerNmae', ['brokerName', 'brokerId'])).toBe('brokerName');
  expect(nearestName('LISTENPORT', ['listenPort'])).toBe('listenPort');
  expect(nearestName('autoCreateTopicEnabled', ['autoCreateTopicEnable'])).toBe('autoCreateTopicEnable');
  expect(nearestName('foo', ['brokerName'])).toBeUndefined();
});
