import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLogger } from '../../../lib/runtime/logger.js';
import { NodeFileSystem } from '../../../lib/runtime/node-file-system.js';
import { ImmediateTurnScheduler } from '../../../lib/runtime/turn-scheduler.js';
import { ConfigFile } from '../../../broker/config/config-file.js';
import { newTopicConfig, type TopicOptions } from '../../../broker/topics/system-topics.js';
import { TopicTable, type TopicsChange } from '../../../broker/topics/topic-table.js';
import { alterAttributes, parseAttributeChanges, TOPIC_ATTRIBUTES } from '../../../broker/topics/topic-attributes.js';
import { VirtualClock } from '../../support/virtual-clock.js';

const OPTIONS: TopicOptions = {
  brokerClusterName: 'C',
  brokerName: 'broker-a',
  autoCreateTopicEnable: true,
  defaultTopicQueueNums: 8,
  clusterTopicEnable: true,
  brokerTopicEnable: true,
  traceTopicEnable: false,
  msgTraceTopicName: 'RMQ_SYS_TRACE_TOPIC',
  reviveQueueNum: 8,
  timerWheelEnable: true,
};

describe('the topic table', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rmq-topics-'));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const open = (options: Partial<TopicOptions> = {}): TopicTable => {
    const file = new ConfigFile(new NodeFileSystem(), join(root, 'config/topics.json'), new ImmediateTurnScheduler());
    const table = new TopicTable({ ...OPTIONS, ...options }, file, new VirtualClock(), silentLogger);
    table.load();
    return table;
  };

  it('has the topics a fresh broker of Apache has', () => {
    const shape = Object.values(open().wrapper().topicConfigTable).map(({ topicName, writeQueueNums, perm }) => [topicName, writeQueueNums, perm]);
    expect(Object.fromEntries(shape.map(([name, ...rest]) => [name, rest]))).toEqual({
      TBW102: [8, 7],
      SELF_TEST_TOPIC: [1, 6],
      BenchmarkTest: [1024, 6],
      C: [16, 7],
      'broker-a': [1, 7],
      OFFSET_MOVED_EVENT: [1, 6],
      SCHEDULE_TOPIC_XXXX: [18, 6],
      C_REPLY_TOPIC: [1, 6],
      rmq_sys_REVIVE_LOG_C: [8, 6],
      'rmq_sys_SYNC_BROKER_MEMBER_broker-a': [1, 1],
      RMQ_SYS_TRANS_HALF_TOPIC: [1, 6],
      RMQ_SYS_TRANS_OP_HALF_TOPIC: [1, 6],
      rmq_sys_wheel_timer: [1, 6],
    });
  });

  it('creates a topic after its pattern, with the smaller number of queues and without the right to be a pattern', () => {
    const table = open();
    expect(table.createForSend('T1', 'TBW102', 4, 0)).toMatchObject({ readQueueNums: 4, writeQueueNums: 4, perm: 6 });
    expect(table.createForSend('T2', 'TBW102', 100, 0)).toMatchObject({ writeQueueNums: 8 });
    expect(table.createForSend('T3', 'T1', 4, 0)).toBeUndefined();
    expect(table.createForSend('T4', 'NOPE', 4, 0)).toBeUndefined();
  });

  it('does not take a pattern from the file when automatic creation is off', async () => {
    const before = open();
    before.createForSend('T1', 'TBW102', 4, 0);
    await before.close();
    const table = open({ autoCreateTopicEnable: false });
    expect(table.has('TBW102')).toBe(true);
    expect(table.createForSend('T2', 'TBW102', 4, 0)).toBeUndefined();
  });

  it('finds its topics again, attributes and version included', async () => {
    const table = open();
    table.update([{ ...newTopicConfig('T1', 3, 4), order: true, attributes: { '+message.type': 'FIFO' } }]);
    await table.persisted();
    const again = open();
    expect(again.find('T1')).toEqual(table.find('T1'));
    expect(again.find('T1')?.attributes).toEqual({ 'message.type': 'FIFO' });
    expect(again.dataVersion).toEqual(table.dataVersion);
  });

  it('reads the file of a broker of Apache', () => {
    mkdirSync(join(root, 'config'));
    writeFileSync(
      join(root, 'config/topics.json'),
      '{"dataVersion":{"counter":2,"stateVersion":0,"timestamp":5},"topicConfigTable":{"T":{"attributes":{},"order":false,"perm":6,"readQueueNums":4,"topicFilterType":"SINGLE_TAG","topicName":"T","topicSysFlag":0,"writeQueueNums":4}}}',
    );
    expect(open().find('T')).toEqual(newTopicConfig('T', 4));
  });

  it('says when a new topic is safe on disk', async () => {
    const table = open();
    expect(table.persistedTopic('T1')).toBeUndefined();
    table.createForSend('T1', 'TBW102', 4, 0);
    const saving = table.persistedTopic('T1');
    expect(table.persistedTopic('OTHER')).toBeUndefined();
    await saving;
    expect(readFileSync(join(root, 'config/topics.json'), 'utf8')).toContain('"T1"');
    expect(table.persistedTopic('T1')).toBeUndefined();
    expect(table.persisted()).toBeUndefined();
  });

  it('tells of every change, with a new version each time', () => {
    const table = open();
    const changes: TopicsChange[] = [];
    const versions = new Set([table.dataVersion]);
    const stop = table.onChanged((change) => {
      changes.push(change);
      versions.add(table.dataVersion);
    });
    table.createForSend('T1', 'TBW102', 4, 0);
    table.createIfAbsent('%RETRY%G', 1, { order: false });
    table.createIfAbsent('%RETRY%G', 1, { order: true });
    table.createIfAbsent('%RETRY%G', 5);
    table.delete('T1');
    table.delete('T1');
    table.touch();
    stop();
    table.createForSend('T5', 'TBW102', 4, 0);
    expect(changes.map(({ changed, deleted }) => [...changed.map(({ topicName, order }) => `${topicName} ${order}`), ...deleted])).toEqual([
      ['T1 false'],
      ['%RETRY%G false'],
      ['%RETRY%G true'],
      ['T1'],
      [],
    ]);
    expect(versions.size).toBe(6);
  });

  it('marks the topics a NameServer lists as ordered', () => {
    const table = open();
    table.createForSend('T1', 'TBW102', 4, 0);
    table.markOrdered(['T1', 'UNKNOWN']);
    expect(table.isOrdered('T1')).toBe(true);
    expect(table.has('UNKNOWN')).toBe(false);
  });

  it('hands itself out in pages that begin again when it has changed meanwhile', () => {
    const table = open();
    const names = Object.keys(table.wrapper().topicConfigTable).sort();
    expect(Object.keys(table.page(table.dataVersion, 3, 4).topicConfigTable)).toEqual(names.slice(3, 7));
    expect(Object.keys(table.page({ counter: 99, timestamp: 1, stateVersion: 0 }, 3, 4).topicConfigTable)).toEqual(names.slice(0, 4));
    expect(Object.keys(table.page(table.dataVersion, 500, 4).topicConfigTable)).toEqual([]);
  });

  it('protects the topics of the brokers', () => {
    const table = open();
    expect(['TBW102', 'C', 'broker-a', 'C_REPLY_TOPIC', 'rmq_sys_anything'].every((topic) => table.isSystemTopic(topic))).toBe(true);
    expect(table.isSystemTopic('T1')).toBe(false);
    expect(table.systemTopicNames()).toContain('C_REPLY_TOPIC');
  });

  it('changes nothing when one of several changes is wrong', () => {
    const table = open();
    const version = table.dataVersion;
    expect(() => table.update([newTopicConfig('T1', 1), { ...newTopicConfig('T2', 1), attributes: { '+nope': '1' } }])).toThrow('unsupported key: nope');
    expect(table.has('T1')).toBe(false);
    expect(table.dataVersion).toBe(version);
  });
});

describe('topic attributes', () => {
  it('are parsed with their signs', () => {
    expect(parseAttributeChanges('+message.type=FIFO,-queue.type')).toEqual({ '+message.type': 'FIFO', '-queue.type': '' });
    expect(parseAttributeChanges(undefined)).toEqual({});
  });

  it.each(['message.type=FIFO', 'message.type', '+a=1,+a=2'])('are refused as "%s"', (text) => {
    expect(() => parseAttributeChanges(text)).toThrow();
  });

  it('change the present ones', () => {
    expect(alterAttributes(TOPIC_ATTRIBUTES, { 'message.type': 'FIFO' }, { '-message.type': '' })).toEqual({});
    expect(alterAttributes(TOPIC_ATTRIBUTES, {}, { '+message.type': 'DELAY' })).toEqual({ 'message.type': 'DELAY' });
  });

  it.each([
    [undefined, { '-message.type': '' }, /only add attribute/],
    [{}, { '-message.type': '' }, /nonexistent key/],
    [{}, { '+queue.type': 'SimpleCQ' }, /unchangeable/],
    [undefined, { '+queue.type': 'Other' }, /not in set/],
    [{}, { 'xmessage.type': 'FIFO' }, /wrong format/],
  ])('of %j refuse %j', (current, changes, problem) => {
    expect(() => alterAttributes(TOPIC_ATTRIBUTES, current, changes)).toThrow(problem);
  });
});
