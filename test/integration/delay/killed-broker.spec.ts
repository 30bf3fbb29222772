import { afterEach, describe, expect, it } from 'vitest';

import { eventually } from '../../support/eventually.js';
import { spawnOurBroker, type SpawnedBroker } from '../../support/our-broker.js';
import { WireClient } from '../../support/wire-client.js';

describe('delayed messages of a broker that is killed', () => {
  let broker: SpawnedBroker | undefined;
  let client: WireClient | undefined;

  afterEach(async () => {
    await client?.close();
    await broker?.stop();
  });

  it('are all delivered after the restart, those delivered before at most once more', async () => {
    broker = await spawnOurBroker({ settings: { messageDelayLevel: '1s 3s' } });
    client = new WireClient(broker.brokerAddress);
    const early = Array.from({ length: 20 }, (_, index) => `early-${index}`);
    const late = Array.from({ length: 20 }, (_, index) => `late-${index}`);
    await Promise.all(late.map((body) => client?.send('T1', body, { DELAY: '2' })));
    await Promise.all(early.map((body) => client?.send('T1', body, { DELAY: '1' })));
    await eventually('the early messages', async () => (await client?.messagesIn('T1'))?.length === early.length);
    await broker.kill();
    await client.close();
    broker = await broker.restart();
    client = new WireClient(broker.brokerAddress);
    const bodies = await eventually('the late messages', async () => {
      const found = (await client?.messagesIn('T1'))?.map(({ body }) => body.toString()) ?? [];
      return late.every((body) => found.includes(body)) ? found : undefined;
    });
    for (const body of early) expect(bodies.filter((found) => found === body).length).toBeLessThanOrEqual(2);
    for (const body of late) expect(bodies.filter((found) => found === body)).toEqual([body]);
    expect(new Set(bodies)).toEqual(new Set([...early, ...late]));
  });
});
