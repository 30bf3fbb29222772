import { afterAll, beforeAll, describe } from 'vitest';
import { startApacheBroker, startApacheNameServer, type ApacheBroker, type ApacheNameServer } from '../support/apache/apache-servers.js';
import { requirePeer } from '../support/requirements.js';
import { javaClientSuite } from '../support/suites/java-client-suite.js';

requirePeer('apache');

// Proves the harness and the suite: what fails here is a mistake of ours in them, not in a broker.
describe("Apache's broker", () => {
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

  javaClientSuite(() => {
    if (nameServer === undefined) throw new Error('the NameServer did not start');
    return { nameServer: nameServer.address };
  });
});
