import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLogger } from '../../../lib/runtime/logger.js';
import { NodeFileSystem } from '../../../lib/runtime/node-file-system.js';
import { ImmediateTurnScheduler } from '../../../lib/runtime/turn-scheduler.js';
import { ConfigFile } from '../../../broker/config/config-file.js';
import { newGroupConfig, SubscriptionGroupTable } from '../../../broker/subscriptions/subscription-group-table.js';
import { VirtualClock } from '../../support/virtual-clock.js';

describe('the group table', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rmq-groups-'));
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const open = (autoCreateSubscriptionGroup = true): SubscriptionGroupTable => {
    const file = new ConfigFile(new NodeFileSystem(), join(root, 'config/subscriptionGroup.json'), new ImmediateTurnScheduler());
    const table = new SubscriptionGroupTable({ autoCreateSubscriptionGroup }, file, new VirtualClock(), silentLogger);
    table.load();
    return table;
  };

  it('has the groups every broker has', () => {
    expect(open().names()).toEqual([
      'TOOLS_CONSUMER',
      'FILTERSRV_CONSUMER',
      'SELF_TEST_C_GROUP',
      'CID_ONS-HTTP-PROXY',
      'CID_ONSAPI_PULL',
      'CID_ONSAPI_PERMISSION',
      'CID_ONSAPI_OWNER',
      'CID_RMQ_SYS_TRANS',
    ]);
  });

  it('creates a group when it is first heard of, with Apache’s defaults', () => {
    const table = open();
    expect(table.peek('G')).toBeUndefined();
    expect(table.find('G')).toMatchObject({ consumeEnable: true, retryQueueNums: 1, retryMaxTimes: 16, whichBrokerWhenConsumeSlowly: 1 });
    expect(table.find('a/b')).toBeUndefined();
  });

  it('creates none when that is switched off, but for those of the brokers', () => {
    const table = open(false);
    expect(table.find('G')).toBeUndefined();
    expect(table.find('CID_RMQ_SYS_X')).toBeDefined();
  });

  it('finds everything again', async () => {
    const table = open();
    table.update([{ ...newGroupConfig('G'), retryMaxTimes: 3, consumeEnable: false }]);
    table.setReadForbidden('G', 'T1', true);
    await table.persisted();
    const again = open();
    expect(again.peek('G')).toEqual(table.peek('G'));
    expect(again.isReadForbidden('G', 'T1')).toBe(true);
    expect(again.wrapper()).toEqual(table.wrapper());
  });

  it('allows again what was forbidden', () => {
    const table = open();
    table.setReadForbidden('G', 'T1', true);
    table.setReadForbidden('G', 'T2', true);
    table.setReadForbidden('G', 'T1', false);
    expect([table.isReadForbidden('G', 'T1'), table.isReadForbidden('G', 'T2')]).toEqual([false, true]);
  });

  it('forgets a deleted group and what it was forbidden', () => {
    const table = open();
    table.find('G');
    table.setReadForbidden('G', 'T1', true);
    expect(table.delete('G')).toBe(true);
    expect(table.delete('G')).toBe(false);
    expect(table.has('G')).toBe(false);
    expect(table.isReadForbidden('G', 'T1')).toBe(false);
  });
});
