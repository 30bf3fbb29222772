import { apachePeerProblem } from './apache/peer-home.js';
import { postgresProblem } from './postgres.js';

/** Things a spec may need that are not installed by npm, and how to see what is wrong with them here. */
const CHECKS = {
  apache: apachePeerProblem,
  postgresql: postgresProblem,
} as const;

/** The specs that need each of them. */
const SPECS: Readonly<Record<keyof typeof CHECKS, readonly string[]>> = {
  apache: ['test/peer/**'],
  postgresql: ['test/conformance/idempotency-postgresql.spec.ts', 'test/samples/demo-on-postgresql.spec.ts'],
};

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
  if (process.env.CI === 'true') return [];
  const missing = (Object.keys(CHECKS) as Requirement[]).filter((requirement) => {
    const problem = CHECKS[requirement]();
    if (problem !== undefined) console.log(`left out: ${SPECS[requirement].join(', ')}, because ${problem}`);
    return problem !== undefined;
  });
  return missing.flatMap((requirement) => [...SPECS[requirement]]);
}
