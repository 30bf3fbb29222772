import { afterAll, beforeAll, describe } from 'vitest';
import { ClientScene } from './client/client-scene.js';
import type { ClusterUnderTest } from './client/client-scene.js';
import { consumeScenarios } from './client/consume-scenarios.js';
import { orderScenarios } from './client/order-scenarios.js';
import { pullScenarios } from './client/pull-scenarios.js';
import { sendScenarios } from './client/send-scenarios.js';
import { timerScenarios } from './client/timer-scenarios.js';

export type { ClusterUnderTest } from './client/client-scene.js';

const AREAS = { send: sendScenarios, consume: consumeScenarios, order: orderScenarios, pull: pullScenarios, timer: timerScenarios } as const;

/** A group of scenarios that need the same part of a broker. */
export type ClientArea = keyof typeof AREAS;

export const CLIENT_AREAS = Object.keys(AREAS) as readonly ClientArea[];

/**
 * Registers what our client must be able to do with a cluster, Apache's or ours. The argument is asked for the cluster once,
 * in a `beforeAll`; whoever starts the cluster stops it. `areas` names the parts that its brokers have; default: all.
 */
export function clientSuite(cluster: () => ClusterUnderTest, areas: readonly ClientArea[] = CLIENT_AREAS): void {
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
    for (const area of areas) describe(area, () => AREAS[area](current));
  });
}
