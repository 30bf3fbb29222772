import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { startStandalone, type StandaloneHandle } from '../../broker/index.js';
import { startOrderService } from '../order/app.js';
import { DeductionProcess } from './deduction-process.js';

/** Ports the demonstration asks for; 0 lets the system choose. */
export interface DemoPorts {
  readonly nameServer: number;
  readonly broker: number;
  readonly order: number;
  readonly deduction: number;
}

/** Everything that runs: NameServer, broker and order service in this process, the deduction service in one that can be killed. */
export interface DemoWorld {
  readonly nameServer: string;
  readonly orderUrl: string;
  readonly deduction: DeductionProcess;
  stop(): Promise<void>;
}

/** Starts everything on a directory of its own; with `nameServers`, on that cluster instead of our own NameServer and broker. */
export async function startWorld(ports: DemoPorts, failFirstOrder: string, nameServers?: string): Promise<DemoWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'nestjs-rocketmq-demo-'));
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const part of started.toReversed()) await part.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const nameServer = nameServers ?? (await startOwnCluster(ports, directory, started));
    const order = await startOrder(ports, directory, nameServer, started);
    const deduction = new DeductionProcess({
      NAME_SERVERS: nameServer,
      DATABASE_URL: process.env.DEDUCTION_DATABASE_URL ?? join(directory, 'deduction.db'),
      PORT: String(ports.deduction),
      FAIL_FIRST_ORDER: failFirstOrder,
    });
    started.push(deduction);
    await deduction.start();
    return { nameServer, orderUrl: await order.getUrl(), deduction, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startOwnCluster(ports: DemoPorts, directory: string, started: { stop(): Promise<void> }[]): Promise<string> {
  const cluster: StandaloneHandle = await startStandalone({
    broker: { listenPort: ports.broker, storePathRootDir: join(directory, 'store') },
    nameServer: { listenPort: ports.nameServer, kvConfigPath: join(directory, 'kvConfig.json') },
  });
  started.push(cluster);
  return cluster.nameServerAddress;
}

async function startOrder(ports: DemoPorts, directory: string, nameServers: string, started: { stop(): Promise<void> }[]): Promise<INestApplication> {
  const databaseUrl = process.env.ORDER_DATABASE_URL ?? join(directory, 'order.db');
  const order = await startOrderService({ nameServers, databaseUrl, port: ports.order });
  started.push({ stop: () => order.close() });
  return order;
}
