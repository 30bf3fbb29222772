import { createHash } from 'node:crypto';
import { optionInvalid } from '../option-checks.js';
import type { AllocateStrategy, AllocateStrategyName } from '../types.js';

/** Neighbouring queues to each member; the first members get one more when it does not come out even. Apache: AllocateMessageQueueAveragely.java. */
const average: AllocateStrategy = {
  name: 'AVG',
  allocate(clientId, queues, clientIds) {
    const index = clientIds.indexOf(clientId);
    if (index < 0) return [];
    const share = Math.floor(queues.length / clientIds.length);
    const rest = queues.length % clientIds.length;
    const start = index * share + Math.min(index, rest);
    return queues.slice(start, start + share + (index < rest ? 1 : 0));
  },
};

/** Queues dealt out in turn. Apache: AllocateMessageQueueAveragelyByCircle.java. */
const averageByCircle: AllocateStrategy = {
  name: 'AVG_BY_CIRCLE',
  allocate(clientId, queues, clientIds) {
    const index = clientIds.indexOf(clientId);
    return index < 0 ? [] : queues.filter((_, position) => position % clientIds.length === index);
  },
};

const VIRTUAL_NODES = 10;

/** Members as points on a ring; a queue goes to the next point, so that few queues move when members come and go. Apache: AllocateMessageQueueConsistentHash.java. */
const consistentHash: AllocateStrategy = {
  name: 'CONSISTENT_HASH',
  allocate(clientId, queues, clientIds) {
    const ring = ringOf(clientIds);
    return queues.filter((queue) => memberAt(ring, hashOf(`MessageQueue [topic=${queue.topic}, brokerName=${queue.brokerName}, queueId=${queue.queueId}]`)) === clientId);
  },
};

type Ring = readonly (readonly [point: number, clientId: string])[];

function ringOf(clientIds: readonly string[]): Ring {
  const points = new Map<number, string>();
  for (const clientId of clientIds) {
    for (let node = 0; node < VIRTUAL_NODES; node++) points.set(hashOf(`${clientId}-${node}`), clientId);
  }
  return [...points].sort(([a], [b]) => a - b);
}

function memberAt(ring: Ring, hash: number): string | undefined {
  return (ring.find(([point]) => point >= hash) ?? ring[0])?.[1];
}

/** The first four bytes of MD5, unsigned. */
function hashOf(text: string): number {
  return createHash('md5').update(text).digest().readUInt32BE(0);
}

const STRATEGIES: Readonly<Record<AllocateStrategyName, AllocateStrategy>> = {
  AVG: average,
  AVG_BY_CIRCLE: averageByCircle,
  CONSISTENT_HASH: consistentHash,
};

/**
 * The strategy with this name, or the user's own.
 * @throws RocketMqError `OPTION_INVALID`
 */
export function allocateStrategyOf(choice: AllocateStrategyName | AllocateStrategy | undefined): AllocateStrategy {
  if (choice === undefined) return average;
  if (typeof choice === 'object') return choice;
  const strategy = Object.hasOwn(STRATEGIES, choice) ? STRATEGIES[choice] : undefined;
  if (strategy === undefined) throw optionInvalid('allocateStrategy', choice, `one of ${Object.keys(STRATEGIES).join(', ')}, or an object with "allocate"`);
  return strategy;
}

