import { afterAll, beforeAll, describe } from 'vitest';
import { startOurBroker } from '../../support/our-broker.js';
import { CLIENT_AREAS, clientSuite } from '../../support/suites/client-suite.js';

describe('with our broker', () => {
  let broker: Awaited<ReturnType<typeof startOurBroker>> | undefined;
  beforeAll(async () => {
    broker = await startOurBroker();
  });
  afterAll(async () => broker?.stop());

  const areas = CLIENT_AREAS.filter((area) => area !== 'timer'); // our broker has no timer wheel yet
  clientSuite(() => {
    if (broker === undefined) throw new Error('our broker did not start');
    return { nameServer: broker.nameServer };
  }, areas);
});
