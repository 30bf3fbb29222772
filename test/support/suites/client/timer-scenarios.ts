import { expect, it } from 'vitest';
import { eventuallyHas } from './client-scene.js';
import type { ClientScene } from './client-scene.js';

/** What a producer must be able to do with a broker that has a timer wheel. */
export function timerScenarios(scene: () => ClientScene): void {
  it('delays until a time', async () => {
    const producer = await scene().producer();
    const topic = await scene().topic(producer);
    const { messages } = await scene().collect(topic, { filter: 'delayed' });
    const at = Date.now() + 2_500;
    await producer.send({ topic, body: 'time', tag: 'delayed', deliverAt: at });
    await eventuallyHas(messages, 1);
    // Timers count in whole seconds, rounded down.
    expect(messages[0].storeTimestamp).toBeGreaterThanOrEqual(at - 1_100);
  });
}
