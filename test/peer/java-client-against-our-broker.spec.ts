import { afterAll, beforeAll, describe } from 'vitest';
import { startOurBroker } from '../support/our-broker.js';
import { requirePeer } from '../support/requirements.js';
import { JAVA_CLIENT_AREAS, javaClientSuite, type JavaClientArea } from '../support/suites/java-client-suite.js';

requirePeer('apache');

/** Features our broker refuses, with Apache's codes for a broker that has them switched off; take one out when it is built. */
const REFUSED: ReadonlySet<JavaClientArea> = new Set(['sql', 'transaction', 'pop']);
const SERVED = JAVA_CLIENT_AREAS.filter((area) => !REFUSED.has(area));

describe('our broker', () => {
  let broker: Awaited<ReturnType<typeof startOurBroker>> | undefined;
  beforeAll(async () => {
    broker = await startOurBroker();
  });
  afterAll(async () => broker?.stop());

  javaClientSuite(() => {
    if (broker === undefined) throw new Error('our broker did not start');
    return { nameServer: broker.nameServer };
  }, SERVED);
});
