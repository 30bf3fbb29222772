import { afterAll, beforeAll, describe } from 'vitest';
import { ClientScene } from './client/client-scene.js';
import type { ClusterUnderTest } from './client/client-scene.js';
import { consumeScenarios } from './client/consume-scenarios.js';
import { orderScenarios } from './client/order-scenarios.js';
import { pullScenarios } from './client/pull-scenarios.js';
import { sendScenarios } from './client/send-scenarios.js';

export type { ClusterUnderTest } from './client/client-scene.js';

const AREAS = { send: sendScenarios, consume: consumeScenarios, order: orderScenarios, pull: pullScenarios } as const;

/**
 * Registers what our client must be able to do with a cluster, Apache's or ours. The argument is asked for the cluster once,
 * in a `beforeAll`; whoever starts the cluster stops it.
 */
export function clientSuite(cluster: () => ClusterUnderTest): void {
  describe('our client', () => {
    let scene: ClientScene | undefined;
    const current = (): ClientScene => {
      if (scene === undefined) throw new Error('the suite has no scene: its start failed');
      return scene;
    };
    beforeAll(() => {
      scene = new ClientScene(cluster());
    });
    afterAll(async () => scene?.close());
    for (const [area, scenarios] of Object.entries(AREAS)) describe(area, () => scenarios(current));
  });
}
