import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { decodeSubscriptionGroupConfig } from '../../lib/protocol/body/subscription-group-config.js';
import { decodeTopicConfig } from '../../lib/protocol/body/topic-config.js';
import { updateAndCreateSubscriptionGroup } from '../../lib/protocol/commands/group/update-and-create-subscription-group.command.js';
import { getSubscriptionGroupConfig } from '../../lib/protocol/commands/group/get-subscription-group-config.command.js';
import { queryConsumerOffset } from '../../lib/protocol/commands/offset/query-consumer-offset.command.js';
import { updateConsumerOffset } from '../../lib/protocol/commands/offset/update-consumer-offset.command.js';
import { getTopicConfig } from '../../lib/protocol/commands/topic/get-topic-config.command.js';
import { startApacheBroker, startApacheNameServer, type ApacheNameServer } from '../support/apache/apache-servers.js';
import { eventually } from '../support/eventually.js';
import { startOurBroker } from '../support/our-broker.js';
import { requirePeer } from '../support/requirements.js';
import { WireClient } from '../support/wire-client.js';

requirePeer('apache');

describe('the tables in one directory', () => {
  let directory: string;
  let nameServer: ApacheNameServer | undefined;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'either-broker-'));
    nameServer = await startApacheNameServer();
  }, 60_000);

  afterAll(async () => {
    await nameServer?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const commit = (wire: WireClient, queueId: number, commitOffset: number) => wire.ask(updateConsumerOffset, { consumerGroup: 'G', topic: 'T1', queueId, commitOffset });
  const offsetOf = async (wire: WireClient, queueId: number) => (await wire.ask(queryConsumerOffset, { consumerGroup: 'G', topic: 'T1', queueId })).header?.offset;

  it('go from our broker to Apache’s and back: topics, groups, offsets, delayed messages', async () => {
    const settings = { brokerName: 'broker-a', brokerClusterName: 'DefaultCluster', messageDelayLevel: '1s 2s 60s' };
    const first = await startOurBroker({ directory, broker: settings });
    let wire = new WireClient(first.brokerAddress);
    await wire.send('T1', 'a');
    await wire.send('T1', 'later', { DELAY: '3' });
    await wire.ask(updateAndCreateSubscriptionGroup, {}, Buffer.from('{"groupName":"G","retryMaxTimes":5}'));
    await commit(wire, 0, 1);
    await commit(wire, 3, 7);
    const topic = decodeTopicConfig((await wire.ask(getTopicConfig, { topic: 'T1' })).body);
    await wire.close();
    await first.stop();

    const apache = await startApacheBroker({ nameServer: nameServer?.address ?? '', directory, config: { ...settings, messageDelayLevel: '1s 2s 3s' } });
    wire = new WireClient(apache.address);
    expect(decodeTopicConfig((await wire.ask(getTopicConfig, { topic: 'T1' })).body)).toEqual(topic);
    expect(decodeSubscriptionGroupConfig((await wire.ask(getSubscriptionGroupConfig, { group: 'G' })).body).retryMaxTimes).toBe(5);
    expect([await offsetOf(wire, 0), await offsetOf(wire, 3)]).toEqual([1, 7]);
    await eventually('Apache’s delivery of our delayed message', async () => (await wire.messagesIn('T1')).length === 2, 30_000);
    await wire.send('T1', 'of Apache', { DELAY: '3' });
    await commit(wire, 0, 2);
    await wire.close();
    await apache.stop();

    const last = await startOurBroker({ directory, broker: { ...settings, messageDelayLevel: '1s 2s 3s' } });
    wire = new WireClient(last.brokerAddress);
    expect([await offsetOf(wire, 0), await offsetOf(wire, 3)]).toEqual([2, 7]);
    expect(decodeTopicConfig((await wire.ask(getTopicConfig, { topic: 'T1' })).body)).toEqual(topic);
    const bodies = await eventually('our delivery of Apache’s delayed message', async () => {
      const found = (await wire.messagesIn('T1')).map(({ body }) => body.toString());
      return found.includes('of Apache') ? found : undefined;
    });
    expect(bodies).toEqual(['a', 'later', 'of Apache']);
    await wire.close();
    await last.stop();
  }, 180_000);
});
