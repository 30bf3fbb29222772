import { randomInt, randomUUID } from 'node:crypto';

/** Source of randomness; tests and the simulation pass a seeded one. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, maxExclusive). */
  int(maxExclusive: number): number;
  /** A version 4 UUID. */
  uuid(): string;
}

/** The system's own randomness. */
export class SystemRandom implements Random {
  next(): number {
    return Math.random();
  }

  int(maxExclusive: number): number {
    return randomInt(maxExclusive);
  }

  uuid(): string {
    return randomUUID();
  }
}
