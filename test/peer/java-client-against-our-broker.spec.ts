import { afterAll, beforeAll, describe } from 'vitest';
import { startOurBroker } from '../support/our-broker.js';
import { requirePeer } from '../support/requirements.js';
import { javaClientSuite } from '../support/suites/java-client-suite.js';

requirePeer('apache');

describe('our broker', () => {
  let broker: Awaited<ReturnType<typeof startOurBroker>> | undefined;
  beforeAll(async () => {
    broker = await startOurBroker();
  });
  afterAll(async () => broker?.stop());

  javaClientSuite(() => {
    if (broker === undefined) throw new Error('our broker did not start');
    return { nameServer: broker.nameServer };
  });
});
