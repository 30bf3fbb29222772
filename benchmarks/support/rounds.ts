import { cpus, loadavg } from 'node:os';
import Table from 'cli-table3';
import { InvalidArgumentError } from 'commander';

import { startApachePeer, startOwnBroker, type BrokerUnderTest } from './brokers.js';
import { processorSeconds } from './processor-time.js';
import { median } from './statistics.js';
import { runWireLoad, type WireLoadOptions } from './wire-load.js';

/** Figures of one round on one broker. */
export interface Round {
  readonly broker: string;
  readonly round: number;
  readonly messagesPerSecond: number;
  readonly roundTripP50Ms: number;
  readonly roundTripP99Ms: number;
  /** Processor time of the broker per message, microseconds. */
  readonly brokerCpuUs: number;
  readonly failures: number;
  readonly firstFailure: string;
  /** Load average of the last minute, when the round began. */
  readonly loadAverage: number;
}

/** Which brokers, how often, and how the result is printed. */
export interface RoundOptions {
  readonly peer?: 'apache';
  readonly repeat: number;
  readonly json?: boolean;
}

/** Makes the load of one round, after preparing the broker for it. */
export type Prepare = (broker: BrokerUnderTest, round: number) => Promise<WireLoadOptions>;

/** Parses a whole number >= 1 of the command line. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('give a whole number of at least 1.');
  return value;
}

/** Loads the brokers in turn, `repeat` times each, and prints the figures. */
export async function runRounds(title: string, options: RoundOptions, prepare: Prepare): Promise<void> {
  const brokers: BrokerUnderTest[] = [];
  const rounds: Round[] = [];
  try {
    brokers.push(await startOwnBroker());
    if (options.peer === 'apache') brokers.push(await startApachePeer());
    for (let round = 1; round <= options.repeat; round++) {
      for (const broker of brokers) rounds.push(await measure(broker, round, await prepare(broker, round)));
    }
  } finally {
    for (const broker of brokers) await broker.stop();
  }
  print(title, options, rounds);
  if (rounds.some(({ failures }) => failures > 0)) process.exitCode = 1;
}

async function measure(broker: BrokerUnderTest, round: number, load: WireLoadOptions): Promise<Round> {
  const loadAverage = loadavg()[0];
  let before = 0;
  let after = 0;
  const result = await runWireLoad(load, {
    onStart: () => (before = processorSeconds(broker.pid)),
    onEnd: () => (after = processorSeconds(broker.pid)),
  });
  return {
    broker: broker.label,
    round,
    messagesPerSecond: result.messages / result.seconds,
    roundTripP50Ms: result.roundTrip.p50,
    roundTripP99Ms: result.roundTrip.p99,
    brokerCpuUs: result.messages === 0 ? Number.NaN : ((after - before) * 1e6) / result.messages,
    failures: result.failures,
    firstFailure: result.firstFailure,
    loadAverage,
  };
}

function print(title: string, options: RoundOptions, rounds: readonly Round[]): void {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'} x ${cpus().length}, Node ${process.version}`;
  if (options.json === true) {
    console.log(JSON.stringify({ title, machine, rounds, medians: medians(rounds) }));
    return;
  }
  console.log(`${title}; ${machine}`);
  const table = new Table({ head: ['broker', 'round', 'messages/s', 'p50 ms', 'p99 ms', 'broker CPU us/message', 'failures', 'load average'], style: { head: [], border: [] } });
  for (const round of [...rounds, ...medians(rounds)]) table.push(row(round));
  console.log(table.toString());
  const failed = rounds.find(({ failures }) => failures > 0);
  if (failed) console.error(`first failure: ${failed.firstFailure}`);
  if (options.peer === 'apache') console.log("Apache's broker runs with the JVM options of the tests' support code (C1 compiler only, serial collector): no measure of a tuned server.");
}

type Row = Omit<Round, 'round' | 'firstFailure'> & { readonly round: number | 'median' };

function row(round: Row): string[] {
  const { broker, messagesPerSecond, roundTripP50Ms, roundTripP99Ms, brokerCpuUs, failures, loadAverage } = round;
  return [
    broker, String(round.round), String(Math.round(messagesPerSecond)), roundTripP50Ms.toFixed(2), roundTripP99Ms.toFixed(2), brokerCpuUs.toFixed(2), String(failures),
    loadAverage.toFixed(2),
  ];
}

function medians(rounds: readonly Round[]): Row[] {
  return [...new Set(rounds.map(({ broker }) => broker))].map((broker) => {
    const own = rounds.filter((round) => round.broker === broker);
    const of = (pick: (round: Round) => number): number => median(own.map(pick));
    return {
      broker,
      round: 'median',
      messagesPerSecond: of((round) => round.messagesPerSecond),
      roundTripP50Ms: of((round) => round.roundTripP50Ms),
      roundTripP99Ms: of((round) => round.roundTripP99Ms),
      brokerCpuUs: of((round) => round.brokerCpuUs),
      failures: own.reduce((sum, { failures }) => sum + failures, 0),
      loadAverage: of((round) => round.loadAverage),
    };
  });
}
