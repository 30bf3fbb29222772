import { lookup } from 'node:dns/promises';
import { homedir, hostname, networkInterfaces, totalmem, type NetworkInterfaceInfo } from 'node:os';

/** What defaults need to know of the machine; tests pass their own. */
export interface LocalHost {
  readonly name: string;
  readonly homeDirectory: string;
  /** Address that other machines reach this one by: the first usable IPv4, else `127.0.0.1`. */
  readonly address: string;
  /** Memory of the machine, bytes. */
  readonly memoryBytes: number;
  /** Id of this process. */
  readonly pid: number;
  /** The address of a host name; literal addresses are returned as they are. Rejects when there is none. */
  resolve(name: string): Promise<string>;
}

/** Whether other machines may reach an interface by this address: neither loopback nor link-local (169.254/16). */
export function isUsableAddress(info: Pick<NetworkInterfaceInfo, 'family' | 'address' | 'internal'>): boolean {
  return info.family === 'IPv4' && !info.internal && !info.address.startsWith('127.') && !info.address.startsWith('169.254.');
}

/** The machine this process runs on. */
export function localHost(): LocalHost {
  const usable = Object.values(networkInterfaces())
    .flatMap((infos) => infos ?? [])
    .find(isUsableAddress);
  const address = usable?.address ?? '127.0.0.1';
  return { name: hostname(), homeDirectory: homedir(), address, memoryBytes: totalmem(), pid: process.pid, resolve };
}

async function resolve(name: string): Promise<string> {
  return (await lookup(name, { family: 4 })).address;
}
