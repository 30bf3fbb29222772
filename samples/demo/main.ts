import { once } from 'node:events';
import { createServer } from 'node:net';
import { Command, InvalidArgumentError } from 'commander';
import { type DemoPorts, type DemoWorld, startWorld } from './demo-world.js';
import { planOrders } from './order-plan.js';
import { allOk, renderReport } from './report.js';
import { Scenario } from './scenario.js';

interface DemoOptions {
  readonly once?: boolean;
  readonly orders: number;
  readonly kills: number;
  readonly nameServers?: string;
}

const DEFAULT_PORTS: DemoPorts = { nameServer: 9876, broker: 10_911, order: 3000, deduction: 3001 };
const ANY_PORTS: DemoPorts = { nameServer: 0, broker: 0, order: 0, deduction: 0 };
const MIN_ORDERS = 20;

const program = new Command('npm start --')
  .description('NameServer, broker, order service and deduction service, with a demonstration that everything is debited exactly once')
  .option('--once', 'end after the table: exit code 0 if every account is right, else 1; ports are chosen by the system')
  .option('--orders <count>', 'orders to place', parseOrders, 1000)
  .option('--kills <count>', 'how often the deduction service is killed', parseKills, 1)
  .option('--name-servers <addresses>', 'use this RocketMQ cluster (ours or Apache\'s) instead of starting one')
  .parse();

const startedAt = Date.now();
const say = (line: string): void => console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(5)} s  ${line}`);

/** Resolves when somebody wants us to end; then everything is stopped and cleaned up. */
const interrupted: Promise<undefined> = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => undefined);

try {
  process.exitCode = await demonstrate(program.opts<DemoOptions>());
} catch (error) {
  console.error(`the demonstration failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
// What an interrupted scenario still waits for must not hold the process.
if (process.exitCode === 130) process.exit();

async function demonstrate(options: DemoOptions): Promise<number> {
  const plan = planOrders(options.orders, `order-${startedAt}`);
  const world = await startWorld(options.once ? ANY_PORTS : await usablePorts(), plan.failFirst, options.nameServers);
  try {
    say(`NameServer on ${world.nameServer}, order service on ${world.orderUrl}, deduction service on ${world.deduction.url}`);
    const lines = await Promise.race([new Scenario(world, plan, options.kills, say).run(), interrupted]);
    if (!lines) return 130;
    say('done');
    console.log(renderReport(lines));
    const ok = allOk(lines);
    console.log(ok ? 'every account is right' : 'AT LEAST ONE FIGURE IS WRONG');
    if (!options.once) await stayUp(world);
    return ok ? 0 : 1;
  } finally {
    await world.stop();
  }
}

async function stayUp(world: DemoWorld): Promise<void> {
  console.log(`
Everything stays up. Try:
  curl -X POST ${world.orderUrl}/orders -H 'content-type: application/json' -d '{"orderId":"mine-1","accountId":"alice","amountCents":1250}'
  curl ${world.deduction.url}/accounts/alice       # 12.50 less; post the same order again and nothing changes
  curl ${world.deduction.url}/stats
Ctrl-C stops it.`);
  await interrupted;
}

/** The well-known ports when all of them are free, else ports the system chooses. */
async function usablePorts(): Promise<DemoPorts> {
  const free = await Promise.all(Object.values(DEFAULT_PORTS).map(isFree));
  if (free.every(Boolean)) return DEFAULT_PORTS;
  say('a port of 9876, 10911, 3000, 3001 is in use; the system chooses others');
  return ANY_PORTS;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function parseOrders(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < MIN_ORDERS) throw new InvalidArgumentError(`expected a whole number of at least ${MIN_ORDERS}`);
  return count;
}

function parseKills(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) throw new InvalidArgumentError('expected a whole number');
  return count;
}
