import { afterEach, describe, expect, it } from 'vitest';

import { queryConsumerOffset } from '../../../lib/protocol/commands/offset/query-consumer-offset.command.js';
import { updateConsumerOffset } from '../../../lib/protocol/commands/offset/update-consumer-offset.command.js';
import { updateAndCreateSubscriptionGroup } from '../../../lib/protocol/commands/group/update-and-create-subscription-group.command.js';
import { getTopicConfig } from '../../../lib/protocol/commands/topic/get-topic-config.command.js';
import { spawnOurBroker, type SpawnedBroker } from '../../support/our-broker.js';
import { WireClient } from '../../support/wire-client.js';

describe('what a killed broker had acknowledged', () => {
  let broker: SpawnedBroker | undefined;
  let client: WireClient | undefined;

  afterEach(async () => {
    await client?.close();
    await broker?.stop();
  });

  it('is there after the restart: topics, groups, and every offset, none of them older', async () => {
    broker = await spawnOurBroker({ settings: { flushConsumerOffsetInterval: 300 } });
    for (let round = 0; round < 2; round++) {
      client = new WireClient(broker.brokerAddress);
      const wire = client;
      const topic = `T${round}`;
      expect((await wire.send(topic, 'x')).code).toBe(0);
      expect((await wire.ask(updateAndCreateSubscriptionGroup, {}, Buffer.from(`{"groupName":"G${round}"}`))).code).toBe(0);
      const acknowledged = new Map<number, number>();
      let killed = false;
      const commit = async (queueId: number): Promise<void> => {
        for (let commitOffset = round * 1_000_000 + 1; !killed; commitOffset++) {
          const { code } = await wire.ask(updateConsumerOffset, { consumerGroup: 'G0', topic: 'T0', queueId, commitOffset });
          if (code === 0) acknowledged.set(queueId, commitOffset);
        }
      };
      const committing = Promise.allSettled([0, 1, 2, 3].map(commit));
      await new Promise((resolve) => setTimeout(resolve, 700));
      await broker.kill();
      killed = true;
      await committing;
      await wire.close();
      expect(acknowledged.size).toBe(4);

      broker = await broker.restart();
      client = new WireClient(broker.brokerAddress);
      for (const [queueId, offset] of acknowledged) {
        const { header } = await client.ask(queryConsumerOffset, { consumerGroup: 'G0', topic: 'T0', queueId });
        expect(header?.offset).toBeGreaterThanOrEqual(offset);
        // One commit may have been written that was not answered any more.
        expect(header?.offset).toBeLessThanOrEqual(offset + 1);
      }
      expect((await client.ask(getTopicConfig, { topic })).code).toBe(0);
      await client.close();
    }
  });
});
