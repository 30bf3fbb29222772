import type { Command } from 'commander';

import { loadNameServerOptions } from '../config/load-options.js';
import { NAME_SERVER_SCHEMA } from '../config/name-server-options.js';
import { startNameServer } from '../start-name-server.js';
import { systemRuntime } from '../runtime.js';
import { parsePort, settingsOf, withCommonFlags, type CommonFlags } from './common-flags.js';
import { EXIT, type CliContext } from './cli-context.js';
import { loadOrComplain, printSettings, serve, warnOfSettings } from './serve.js';
import { StderrLogger } from './stderr-logger.js';

interface NameServerFlags extends CommonFlags {
  readonly listenPort?: number;
  readonly bind?: string;
}

/** `namesrv`: runs a NameServer. */
export function addNameServerCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  withCommonFlags(program.command('namesrv').description('run a NameServer: brokers register with it, clients ask it for routes'))
    .option('--listen-port <port>', 'port to listen on; 0: any free one', parsePort)
    .option('--bind <address>', 'local address to listen on')
    .action(async (flags: NameServerFlags) => exit(await runNameServer(flags, context)));
}

async function runNameServer(flags: NameServerFlags, context: CliContext): Promise<number> {
  const runtime = systemRuntime(new StderrLogger(), flags.logLevel);
  const inputs = {
    file: flags.config,
    environment: context.environment,
    flags: settingsOf(flags.set, { listenPort: flags.listenPort, bindAddress: flags.bind }),
  };
  const loaded = loadOrComplain('namesrv', flags, context, () => loadNameServerOptions(inputs, runtime.files, runtime.host));
  if (loaded === undefined) return EXIT.USAGE;
  warnOfSettings(loaded, 'namesrv', context);
  if (flags.printConfig === true) return printSettings(NAME_SERVER_SCHEMA, loaded.options, flags, context);
  return serve('namesrv', flags, context, async () => {
    const nameServer = await startNameServer(loaded.options, { runtime });
    return { facts: { nameServerAddress: nameServer.nameServerAddress }, stop: () => nameServer.stop() };
  });
}
