import { apachePeerProblem } from './apache/peer-home.js';

/** Things a spec may need that are not installed by npm, and how to see what is wrong with them here. */
const CHECKS = {
  apache: apachePeerProblem,
} as const;

export type Requirement = keyof typeof CHECKS;

/**
 * To be called first in a spec that needs a peer. The configuration of vitest leaves such specs out on a machine without the
 * peer and says so, except in CI; so this throws only in CI, or when such a spec is run by name.
 * @throws Error naming what is missing and how to install it.
 */
export function requirePeer(requirement: Requirement): void {
  const problem = CHECKS[requirement]();
  if (problem !== undefined) throw new Error(`this spec needs the peer "${requirement}": ${problem}`);
}

/**
 * The globs of specs to leave out because their peer is missing here, each announced by a printed line. Empty when CI is
 * true: there, a missing peer is a failure.
 */
export function excludedForMissingPeers(): string[] {
  const problem = process.env.CI === 'true' ? undefined : apachePeerProblem();
  if (problem === undefined) return [];
  console.log(`left out: test/peer, because ${problem}`);
  return ['test/peer/**'];
}
