import { afterAll, beforeAll, describe } from 'vitest';
import { startOurBroker } from '../../support/our-broker.js';
import { clientSuite } from '../../support/suites/client-suite.js';

describe('with our broker', () => {
  let broker: Awaited<ReturnType<typeof startOurBroker>> | undefined;
  beforeAll(async () => {
    broker = await startOurBroker();
  });
  afterAll(async () => broker?.stop());

  clientSuite(() => {
    if (broker === undefined) throw new Error('our broker did not start');
    return { nameServer: broker.nameServer };
  });
});
