// How many messages a second does the broker store for producers on the wire?
//
//   npm run build && node dist/benchmarks/send.js --connections 4 --in-flight 256 --size 128 --seconds 5 --warmup 3 --repeat 3 [--peer apache] [--json]
import { Command, Option } from 'commander';

import { createTopic } from './support/brokers.js';
import { parseCount, runRounds, type RoundOptions } from './support/rounds.js';
import { sendRequests } from './support/send-requests.js';

interface SendOptions extends RoundOptions {
  readonly connections: number;
  readonly inFlight: number;
  readonly size: number;
  readonly seconds: number;
  readonly warmup: number;
}

const options = new Command('send')
  .description('Measures sends a second, their round trips and the processor time of the broker.')
  .option('--connections <n>', 'connections', parseCount, 4)
  .option('--in-flight <n>', 'requests outstanding per connection', parseCount, 256)
  .option('--size <bytes>', 'bytes of a body', parseCount, 128)
  .option('--seconds <n>', 'measured time of a round', parseCount, 5)
  .option('--warmup <n>', 'seconds of load before it', parseCount, 3)
  .option('--repeat <n>', 'rounds', parseCount, 3)
  .addOption(new Option('--peer <name>', 'another broker to load in turn').choices(['apache']))
  .option('--json', 'print JSON')
  .parse()
  .opts<SendOptions>();

const topic = 'TopicBenchmark';
await runRounds(`send: ${options.connections} connections x ${options.inFlight} in flight, ${options.size} bytes`, options, async (broker, round) => {
  if (round === 1) await createTopic(broker, topic);
  const { connections, inFlight } = options;
  return {
    host: broker.host, port: broker.port, connections, inFlight, warmupMs: options.warmup * 1000, durationMs: options.seconds * 1000,
    request: sendRequests(topic, options.size),
  };
});
