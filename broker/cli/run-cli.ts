import { Command, CommanderError } from 'commander';

import { addBrokerCommand } from './broker.cli-command.js';
import { EXIT, type CliContext } from './cli-context.js';
import { addNameServerCommand } from './namesrv.cli-command.js';
import { addStandaloneCommand } from './standalone.cli-command.js';

const ENVIRONMENT_HELP = `
Settings, the later over the earlier: defaults, the file of --config, environment variables, flags.
Environment variables are named like their key: listenPort is ROCKETMQ_LISTEN_PORT, brokerIP1 is ROCKETMQ_BROKER_IP1;
those of the NameServer begin with ROCKETMQ_NAMESRV_. NAMESRV_ADDR stands for namesrvAddr.

Exit codes: 0 stopped as asked, 1 could not start or broke, 2 wrong command line or settings.`;

/** Runs one command. @returns the exit code, when the command has ended */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  let exitCode: number = EXIT.OK;
  const program = new Command('nestjs-rocketmq')
    .description('A NameServer and a broker that speak and store what Apache RocketMQ does')
    .version(context.version, '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.print(text), writeErr: (text) => context.complain(text) })
    .showHelpAfterError('(--help lists what is possible)')
    .addHelpText('after', ENVIRONMENT_HELP);
  for (const add of [addStandaloneCommand, addNameServerCommand, addBrokerCommand]) add(program, context, (code) => (exitCode = code));
  for (const command of program.commands) inheritSettings(command, program);
  if (args.length === 0) {
    context.complain(program.helpInformation());
    return EXIT.USAGE;
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    throw error;
  }
}

function inheritSettings(command: Command, program: Command): void {
  command.copyInheritedSettings(program).allowExcessArguments(false).addHelpText('after', ENVIRONMENT_HELP);
}
