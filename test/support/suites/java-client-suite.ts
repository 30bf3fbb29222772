import { afterAll, beforeAll, describe } from 'vitest';
import { JavaPeer } from '../apache/java-peer.js';
import { adminScenarios } from './java-client/admin-scenarios.js';
import { consumeScenarios } from './java-client/consume-scenarios.js';
import { delayScenarios } from './java-client/delay-scenarios.js';
import { orderScenarios } from './java-client/order-scenarios.js';
import { popScenarios } from './java-client/pop-scenarios.js';
import { pullScenarios } from './java-client/pull-scenarios.js';
import { queryScenarios } from './java-client/query-scenarios.js';
import { requestReplyScenarios } from './java-client/request-reply-scenarios.js';
import { retryScenarios } from './java-client/retry-scenarios.js';
import { Scene, type BrokerUnderTest } from './java-client/scene.js';
import { sendScenarios } from './java-client/send-scenarios.js';
import { shareScenarios } from './java-client/share-scenarios.js';
import { sqlScenarios } from './java-client/sql-scenarios.js';
import { transactionScenarios } from './java-client/transaction-scenarios.js';

export type { BrokerUnderTest } from './java-client/scene.js';

const AREAS = {
  send: sendScenarios,
  consume: consumeScenarios,
  sql: sqlScenarios,
  retry: retryScenarios,
  order: orderScenarios,
  share: shareScenarios,
  pull: pullScenarios,
  delay: delayScenarios,
  query: queryScenarios,
  admin: adminScenarios,
  transaction: transactionScenarios,
  'request-reply': requestReplyScenarios,
  pop: popScenarios,
} as const;

/** Looks at its share of the queues every second instead of every 20, so that a new retry topic is noticed soon. */
const EAGER = ['-Drocketmq.client.rebalance.waitInterval=1000'];

/** A group of scenarios that need the same part of a broker. */
export type JavaClientArea = keyof typeof AREAS;

export const JAVA_CLIENT_AREAS = Object.keys(AREAS) as readonly JavaClientArea[];

/**
 * Registers what Apache's Java client must be able to do with a broker. The first argument is asked for the broker once, in a
 * `beforeAll`; whoever starts the broker stops it. `areas` names the parts that this broker has; default: all.
 */
export function javaClientSuite(broker: () => BrokerUnderTest, areas: readonly JavaClientArea[] = JAVA_CLIENT_AREAS): void {
  describe("Apache's Java client", () => {
    let scene: Scene | undefined;
    const current = (): Scene => {
      if (scene === undefined) throw new Error('the suite has no Java peer: its start failed');
      return scene;
    };
    beforeAll(async () => {
      scene = new Scene(await JavaPeer.start({ jvmOptions: EAGER }), broker());
    });
    afterAll(async () => scene?.close());
    for (const area of areas) describe(area, () => AREAS[area](current));
  });
}
