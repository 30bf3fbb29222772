import { expect, it } from 'vitest';
import { resolveModuleOptions } from '../../../../lib/nest/module/resolve-options.js';
import type { RocketMQModuleOptions } from '../../../../lib/nest/module/rocketmq-options.js';
import { jsonCodec, rawCodec } from '../../../../lib/nest/codec/payload-codec.js';
import { FakeCluster } from '../../../support/nest/fake-cluster.js';

const resolve = (options: object, names = ['default']) => resolveModuleOptions(options as RocketMQModuleOptions, names, new FakeCluster());

it('says everything that is wrong in one error, each with value and remedy', () => {
  const options = {
    clusters: [
      { name: 'a', nameServers: '' },
      { name: 'a', nameServers: ['localhost', 'ns:9876'], consumer: { group: 'no good', concurrency: 0 }, replyTimeoutMs: 1.5 },
    ],
  };
  let text = '';
  try {
    resolve(options, ['a', 'a']);
  } catch (error) {
    text = (error as Error).message;
  }
  expect(text.split('\n')).toEqual([
    'RocketMQModule cannot start with these options:',
    '  - two clusters are named "a"; give each its own name',
    '  - nameServers of cluster "a" is missing; give "host:port", e.g. "127.0.0.1:9876"',
    '  - nameServers of cluster "a" contains "localhost"; an address is "host:port", e.g. "127.0.0.1:9876"',
    '  - consumer.group of cluster "a": the group name "no good" contains illegal characters; allowed are letters, digits, "%", "|", "_" and "-"',
    '  - replyTimeoutMs of cluster "a" is 1.5; it must be an integer above 0',
    '  - consumer.concurrency of cluster "a" is 0; it must be an integer above 0',
  ]);
});

it('wants the names of asynchronous clusters beforehand', () => {
  expect(() => resolve({ clusters: [{ name: 'audit', nameServers: 'ns:1' }] })).toThrow('name the clusters "audit", but the module was declared with "default"');
});

it('fills in defaults, the codec from cluster, module, JSON in this order', () => {
  expect(resolve({ nameServers: 'ns:9876' }).clusters.get('default')).toMatchObject({ name: 'default', codec: jsonCodec, replyTimeoutMs: 5000 });
  const { clusters } = resolve({ codec: rawCodec, clusters: [{ name: 'a', nameServers: 'a:1;b:2' }, { name: 'b', nameServers: 'b:2', codec: jsonCodec }] }, ['b', 'a']);
  expect([clusters.get('a')?.codec, clusters.get('b')?.codec]).toEqual([rawCodec, jsonCodec]);
});
