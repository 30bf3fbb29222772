import { afterAll, beforeAll, describe } from 'vitest';
import { startApacheBroker, startApacheNameServer } from '../support/apache/apache-servers.js';
import type { ApacheBroker, ApacheNameServer } from '../support/apache/apache-servers.js';
import { requirePeer } from '../support/requirements.js';
import { clientSuite } from '../support/suites/client-suite.js';

requirePeer('apache');

describe("with Apache's broker", () => {
  let nameServer: ApacheNameServer | undefined;
  let broker: ApacheBroker | undefined;
  beforeAll(async () => {
    nameServer = await startApacheNameServer();
    broker = await startApacheBroker({ nameServer: nameServer.address });
  }, 120_000);
  afterAll(async () => {
    await broker?.kill(); // nobody looks at its store
    await nameServer?.stop();
  }, 60_000);

  clientSuite(() => {
    if (nameServer === undefined) throw new Error('the NameServer did not start');
    return { nameServer: nameServer.address };
  });
});
