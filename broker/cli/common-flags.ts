import { InvalidArgumentError, Option, type Command } from 'commander';

import type { LogLevel } from '../nest-logger.js';

/** Flags that every serving command has. */
export interface CommonFlags {
  readonly config?: string;
  readonly set: ReadonlyMap<string, string>;
  readonly printConfig?: boolean;
  readonly json?: boolean;
  readonly logLevel: LogLevel;
}

/** Adds the flags of {@link CommonFlags}. */
export function withCommonFlags(command: Command): Command {
  return command
    .option('-c, --config <file>', 'settings as a .properties file, with Apache RocketMQ\'s key names')
    .addOption(
      new Option('--set <key=value>', 'one setting, over the file and the environment; may be repeated')
        .argParser(collectSetting)
        .default(new Map<string, string>(), 'none'),
    )
    .option('-p, --print-config', 'print the settings that would be used, and exit')
    .option('--json', 'print results (the readiness line, settings, errors) as JSON')
    .addOption(new Option('--log-level <level>', 'severity from which on log lines are written').choices(['debug', 'info', 'warn', 'error', 'off']).default('info'));
}

/** A port number of the command line. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new InvalidArgumentError('A port is an integer from 0 to 65535.');
  return port;
}

/** The settings of a command's own flags, e.g. `--listen-port`, together with those of `--set`, which are stronger. */
export function settingsOf(set: ReadonlyMap<string, string>, flags: Readonly<Record<string, string | number | undefined>>): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [key, value] of Object.entries(flags)) if (value !== undefined) settings.set(key, String(value));
  for (const [key, value] of set) settings.set(key, value);
  return settings;
}

function collectSetting(text: string, before: ReadonlyMap<string, string>): Map<string, string> {
  const separator = text.indexOf('=');
  if (separator <= 0) throw new InvalidArgumentError('Write --set key=value.');
  return new Map(before).set(text.slice(0, separator).trim(), text.slice(separator + 1));
}
