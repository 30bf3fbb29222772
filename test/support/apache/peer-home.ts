import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How to get the peer, for every message that says it is missing. */
export const PEER_REMEDY = 'install JDK 17 or newer and Maven, then run: node scripts/install-peers.mjs';

/** The release that `pom.xml` beside this file names. */
export const APACHE_VERSION = readVersion();

function readVersion(): string {
  const path = fileURLToPath(new URL('pom.xml', import.meta.url));
  const version = /<rocketmq\.version>([^<]+)</.exec(readFileSync(path, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${path} names no <rocketmq.version>`);
  return version;
}

/** Where `scripts/install-peers.mjs` puts the peer; `ROCKETMQ_PEER_HOME` overrides it. */
export function peerHome(): string {
  const { ROCKETMQ_PEER_HOME, XDG_CACHE_HOME } = process.env;
  return ROCKETMQ_PEER_HOME || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'nestjs-rocketmq', `apache-${APACHE_VERSION}`);
}

/** What keeps the Apache peer from running here, with the remedy; undefined when nothing does. */
export function apachePeerProblem(): string | undefined {
  const java = spawnSync('java', ['-version'], { stdio: 'ignore' });
  if (java.error || java.status !== 0) return `no Java on the PATH; ${PEER_REMEDY}`;
  const home = peerHome();
  if (!existsSync(join(home, 'classpath.txt')) || !existsSync(join(home, 'classes', 'PeerClient.class'))) {
    return `Apache RocketMQ ${APACHE_VERSION} is not in ${home}; ${PEER_REMEDY}`;
  }
  return undefined;
}

/** True when Java and the installed peer are there. */
export function apachePeerAvailable(): boolean {
  return apachePeerProblem() === undefined;
}

/** The classpath of the installed peer. @throws Error when it is not installed. */
export function peerClasspath(): string {
  const problem = apachePeerProblem();
  if (problem !== undefined) throw new Error(problem);
  return readFileSync(join(peerHome(), 'classpath.txt'), 'utf8');
}
