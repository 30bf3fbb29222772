import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runDemo } from '../support/demo-run.js';
import { startTestPostgres, type TestPostgres } from '../support/postgres.js';
import { requirePeer } from '../support/requirements.js';

requirePeer('postgresql');

let server: TestPostgres;
let admin: Pool;
const database = `demo_${randomUUID().replaceAll('-', '')}`;

beforeAll(async () => {
  server = await startTestPostgres();
  admin = new Pool({ ...server.config, max: 1 });
  await admin.query(`CREATE DATABASE ${database}`);
});
afterAll(async () => {
  await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
  await admin.end();
  await server.stop();
});

/** The server's address with another database, as one setting of the sample. */
function urlOf(config: TestPostgres['config']): string {
  if (config.connectionString) {
    const url = new URL(config.connectionString);
    url.pathname = `/${database}`;
    return url.href;
  }
  const socket = new URLSearchParams({ host: String(config.host) });
  return `postgres://${config.user}@localhost/${database}?${socket}`;
}

it('debits exactly once with PostgreSQL, by one setting', { timeout: 120_000 }, async () => {
  const { exitCode, output } = await runDemo([], { DEDUCTION_DATABASE_URL: urlOf(server.config), ORDER_DATABASE_URL: urlOf(server.config) });
  expect(output).toContain('every account is right');
  expect(exitCode).toBe(0);
});
