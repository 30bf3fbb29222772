import type { Command } from 'commander';

import { BROKER_SCHEMA } from '../config/broker-options.js';
import { loadBrokerOptions } from '../config/load-options.js';
import { systemRuntime } from '../runtime.js';
import { startBroker } from '../start-broker.js';
import { parsePort, settingsOf, withCommonFlags, type CommonFlags } from './common-flags.js';
import { EXIT, type CliContext } from './cli-context.js';
import { brokerFacts } from './broker-facts.js';
import { loadOrComplain, printSettings, serve, warnOfSettings } from './serve.js';
import { StderrLogger } from './stderr-logger.js';

interface BrokerFlags extends CommonFlags {
  readonly nameServers?: string;
  readonly listenPort?: number;
  readonly store?: string;
}

/** `broker`: runs a broker. */
export function addBrokerCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  withCommonFlags(program.command('broker').description('run a broker, registered with the NameServers of namesrvAddr'))
    .option('-n, --name-servers <addresses>', 'NameServers, host:port separated by ";"')
    .option('--listen-port <port>', 'port to listen on; 0: any free one', parsePort)
    .option('--store <directory>', 'directory of the store')
    .action(async (flags: BrokerFlags) => exit(await runBroker(flags, context)));
}

async function runBroker(flags: BrokerFlags, context: CliContext): Promise<number> {
  const runtime = systemRuntime(new StderrLogger(), flags.logLevel);
  const inputs = {
    file: flags.config,
    environment: context.environment,
    flags: settingsOf(flags.set, { namesrvAddr: flags.nameServers, listenPort: flags.listenPort, storePathRootDir: flags.store }),
  };
  const loaded = loadOrComplain('broker', flags, context, () => loadBrokerOptions(inputs, runtime.files, runtime.host));
  if (loaded === undefined) return EXIT.USAGE;
  warnOfSettings(loaded, 'broker', context);
  if (flags.printConfig === true) return printSettings(BROKER_SCHEMA, loaded.options, flags, context);
  if (loaded.options.namesrvAddr === '') {
    context.complain('broker: warning: namesrvAddr is not set; no NameServer will know this broker, and clients will not find it\n');
  }
  return serve('broker', flags, context, async () => {
    const broker = await startBroker(loaded.options, { runtime, configPath: flags.config });
    return { facts: brokerFacts(broker), stop: () => broker.stop() };
  });
}
