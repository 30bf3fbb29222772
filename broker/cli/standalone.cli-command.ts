import type { Command } from 'commander';

import { BROKER_SCHEMA } from '../config/broker-options.js';
import { loadBrokerOptions, loadNameServerOptions } from '../config/load-options.js';
import { systemRuntime } from '../runtime.js';
import { standaloneDefaults, startStandalone } from '../start-standalone.js';
import { brokerFacts } from './broker-facts.js';
import { parsePort, settingsOf, withCommonFlags, type CommonFlags } from './common-flags.js';
import { EXIT, type CliContext } from './cli-context.js';
import { loadOrComplain, printSettings, serve, warnOfSettings } from './serve.js';
import { StderrLogger } from './stderr-logger.js';

interface StandaloneFlags extends CommonFlags {
  readonly listenPort?: number;
  readonly nameServerPort?: number;
  readonly store?: string;
}

/** `standalone`: runs a NameServer and a broker in one process. */
export function addStandaloneCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  withCommonFlags(program.command('standalone').description('run a NameServer and a broker in one process, for this machine only unless brokerIP1 is set'))
    .option('--name-server-port <port>', 'port of the NameServer, default 9876; 0: any free one', parsePort)
    .option('--listen-port <port>', 'port of the broker, default 10911; 0: any free one', parsePort)
    .option('--store <directory>', 'directory of the store')
    .action(async (flags: StandaloneFlags) => exit(await runStandalone(flags, context)));
}

async function runStandalone(flags: StandaloneFlags, context: CliContext): Promise<number> {
  const runtime = systemRuntime(new StderrLogger(), flags.logLevel);
  const { environment } = context;
  const brokerFlags = settingsOf(flags.set, { listenPort: flags.listenPort, storePathRootDir: flags.store });
  const loaded = loadOrComplain('standalone', flags, context, () => {
    const broker = loadBrokerOptions({ file: flags.config, environment, flags: brokerFlags }, runtime.files, runtime.host, standaloneDefaults);
    const nameServerFlags = settingsOf(new Map(), { listenPort: flags.nameServerPort, bindAddress: broker.options.bindAddress });
    return { broker, nameServer: loadNameServerOptions({ environment, flags: nameServerFlags }, runtime.files, runtime.host) };
  });
  if (loaded === undefined) return EXIT.USAGE;
  warnOfSettings(loaded.broker, 'standalone', context);
  warnOfSettings(loaded.nameServer, 'standalone', context);
  if (flags.printConfig === true) return printSettings(BROKER_SCHEMA, loaded.broker.options, flags, context);
  return serve('standalone', flags, context, async () => {
    const standalone = await startStandalone(
      { broker: loaded.broker.options, nameServer: loaded.nameServer.options },
      { runtime, configPath: flags.config },
    );
    return { facts: { nameServerAddress: standalone.nameServerAddress, ...brokerFacts(standalone) }, stop: () => standalone.stop() };
  });
}
