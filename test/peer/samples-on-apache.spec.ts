import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApacheBroker, startApacheNameServer, type ApacheBroker, type ApacheNameServer } from '../support/apache/apache-servers.js';
import { runDemo } from '../support/demo-run.js';
import { requirePeer } from '../support/requirements.js';

requirePeer('apache');

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

it("runs the order and deduction services on Apache's broker, by changing the NameServer's address only", { timeout: 180_000 }, async () => {
  if (nameServer === undefined) throw new Error('the NameServer did not start');
  const { exitCode, output } = await runDemo(['--name-servers', nameServer.address]);
  expect(output).toContain('every account is right');
  expect(exitCode).toBe(0);
});
