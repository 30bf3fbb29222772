// How many messages a second does the broker hand to consumers on the wire?
//
//   npm run build && node dist/benchmarks/consume.js --connections 4 --messages 400000 --size 128 --seconds 5 --warmup 3 --repeat 3 [--peer apache] [--json]
import { Command, Option } from 'commander';

import { createTopic, QUEUES, queueSizes, type BrokerUnderTest } from './support/brokers.js';
import { parseCount, runRounds, type RoundOptions } from './support/rounds.js';
import { sendRequests } from './support/send-requests.js';
import { RequestTemplate, runWireLoad, type WireLoadOptions } from './support/wire-load.js';

interface ConsumeOptions extends RoundOptions {
  readonly connections: number;
  readonly messages: number;
  readonly size: number;
  readonly batch: number;
  readonly seconds: number;
  readonly warmup: number;
}

const options = new Command('consume')
  .description('Fills a topic, then measures messages pulled a second, the round trips of pulls and the processor time of the broker.')
  .option('--connections <n>', `connections, each pulling a queue of its own; at most ${QUEUES}`, parseCount, 4)
  .option('--messages <n>', 'messages to fill the queues with; a queue that is read to its end is read again', parseCount, 400_000)
  .option('--size <bytes>', 'bytes of a body', parseCount, 128)
  .option('--batch <n>', 'most messages of a pull', parseCount, 32)
  .option('--seconds <n>', 'measured time of a round', parseCount, 5)
  .option('--warmup <n>', 'seconds of load before it', parseCount, 3)
  .option('--repeat <n>', 'rounds', parseCount, 3)
  .addOption(new Option('--peer <name>', 'another broker to load in turn').choices(['apache']))
  .option('--json', 'print JSON')
  .parse()
  .opts<ConsumeOptions>();

const topic = 'TopicBenchmark';
const PULL_MESSAGE = 11;
const HAS_SUBSCRIPTION = '4';
const OFFSET_DIGITS = 10;
const FILL_WITHIN_MS = 120_000;
const NEXT_OFFSET = Buffer.from('"nextBeginOffset":"');

async function fill(broker: BrokerUnderTest): Promise<void> {
  const { host, port } = broker;
  const request = sendRequests(topic, options.size, options.connections);
  const sent = await runWireLoad({ host, port, connections: 2, inFlight: 256, warmupMs: 0, durationMs: FILL_WITHIN_MS, maxMessages: options.messages, request });
  if (sent.messages < options.messages) throw new Error(`${broker.label} stored ${sent.messages} of ${options.messages} messages in ${FILL_WITHIN_MS} ms: ${sent.firstFailure}`);
}

function pullTemplate(queueId: number): RequestTemplate {
  const header = {
    consumerGroup: 'bench_consumer', topic, queueId: String(queueId), queueOffset: '0'.repeat(OFFSET_DIGITS), maxMsgNums: String(options.batch), sysFlag: HAS_SUBSCRIPTION,
    commitOffset: '0', suspendTimeoutMillis: '0', subscription: '*', subVersion: '0', expressionType: 'TAG',
  };
  return RequestTemplate.of(PULL_MESSAGE, header, Buffer.alloc(0), ['queueOffset']);
}

/** One pull outstanding per connection, as a consumer has it per queue; the next one starts where the answer says. */
function pulls(broker: BrokerUnderTest, sizes: readonly number[]): WireLoadOptions {
  const templates = sizes.map((_, queueId) => pullTemplate(queueId));
  const offsets = sizes.map(() => 0);
  return {
    host: broker.host, port: broker.port, connections: options.connections, inFlight: 1, warmupMs: options.warmup * 1000, durationMs: options.seconds * 1000,
    request: (connection) => {
      templates[connection].fill('queueOffset', String(offsets[connection]).padStart(OFFSET_DIGITS, '0'));
      return templates[connection];
    },
    onResponse: (connection, header) => {
      const found = header.indexOf(NEXT_OFFSET);
      if (found < 0) return undefined;
      const at = found + NEXT_OFFSET.length;
      const next = Number.parseInt(header.toString('latin1', at, at + 2 * OFFSET_DIGITS), 10);
      const messages = next - offsets[connection];
      // The end is known beforehand, so that a pull that finds nothing stays a failure.
      offsets[connection] = next >= sizes[connection] ? 0 : next;
      return messages;
    },
  };
}

if (options.connections > QUEUES) throw new Error(`--connections ${options.connections}: the topic has ${QUEUES} queues, one per connection; give at most ${QUEUES}`);
await runRounds(`consume: ${options.connections} connections, pulls of ${options.batch}, ${options.size} bytes`, options, async (broker, round) => {
  if (round === 1) {
    await createTopic(broker, topic);
    await fill(broker);
  }
  return pulls(broker, await queueSizes(broker, topic, options.connections));
});
