import os from 'node:os';
import { SystemClock } from '../runtime/clock.js';
import type { Clock } from '../runtime/clock.js';
import type { FileSystem } from '../runtime/file-system.js';
import type { Network } from '../runtime/network.js';
import { NodeFileSystem } from '../runtime/node-file-system.js';
import { NodeNetwork } from '../runtime/node-network.js';
import { SystemRandom } from '../runtime/random.js';
import type { Random } from '../runtime/random.js';

/** The world outside, as a client sees it. Tests pass their own. */
export interface ClientRuntime {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  /** Holds the offsets of broadcasting consumers. */
  readonly fileSystem: FileSystem;
  /** This machine's address; part of client and message ids. */
  readonly localIp: string;
  readonly processId: number;
  readonly homeDirectory: string;
}

/** The machine itself. */
export function systemRuntime(): ClientRuntime {
  return {
    clock: new SystemClock(),
    random: new SystemRandom(),
    network: new NodeNetwork(),
    fileSystem: new NodeFileSystem(),
    localIp: localIpOf(os.networkInterfaces()),
    processId: process.pid,
    homeDirectory: os.homedir(),
  };
}

/** The first IPv4 address that other machines can see, else a global IPv6 one, else loopback. Apache: NetworkUtil.java. */
export function localIpOf(interfaces: ReturnType<typeof os.networkInterfaces>): string {
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter((address) => !address.internal);
  const ipv4 = addresses.find((address) => address.family === 'IPv4');
  const ipv6 = addresses.find((address) => address.family === 'IPv6' && !address.address.startsWith('fe80'));
  return ipv4?.address ?? ipv6?.address ?? '127.0.0.1';
}
