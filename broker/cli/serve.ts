import { RocketMqError } from '../../lib/errors/rocketmq-error.js';
import type { LoadedOptions } from '../config/load-options.js';
import type { OptionSchema, OptionsOf } from '../config/option-schema.js';
import { optionTexts } from '../config/resolve-options.js';
import type { CommonFlags } from './common-flags.js';
import { EXIT, type CliContext } from './cli-context.js';

/** Something that serves until it is stopped. */
export interface Served {
  /** Facts for the readiness line: real addresses. */
  readonly facts: Readonly<Record<string, string | number>>;
  stop(): Promise<void>;
}

/**
 * Starts a server, prints the readiness line, and waits until the process is asked to stop. A second request to stop ends the
 * process at once. @returns the exit code
 */
export async function serve(role: string, flags: CommonFlags, context: CliContext, start: () => Promise<Served>): Promise<number> {
  let signals = 0;
  const stop = new AbortController();
  const stopRequested = new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }));
  const unsubscribe = context.onStopRequested((signal) => {
    signals += 1;
    if (signals > 1) {
      context.complain(`${role}: second ${signal}, exiting without waiting\n`);
      return context.exitNow(EXIT.FAILURE);
    }
    stop.abort();
  });
  try {
    const served = await start();
    if (signals === 0) printReady(role, flags, context, served);
    await stopRequested;
    await served.stop();
    return EXIT.OK;
  } catch (error) {
    complain(role, flags, context, error);
    return EXIT.FAILURE;
  } finally {
    unsubscribe();
  }
}

/** Runs `load`; wrong settings are reported and end with the usage exit code. */
export function loadOrComplain<T>(role: string, flags: CommonFlags, context: CliContext, load: () => T): T | undefined {
  try {
    return load();
  } catch (error) {
    complain(role, flags, context, error);
    return undefined;
  }
}

/** Prints settings as `key=value` lines or as one JSON object. */
export function printSettings<S extends OptionSchema>(schema: S, options: OptionsOf<S>, flags: CommonFlags, context: CliContext): number {
  if (flags.json === true) context.print(`${JSON.stringify(options)}\n`);
  else for (const [key, value] of optionTexts(schema, options)) context.print(`${key}=${value}\n`);
  return EXIT.OK;
}

/** Says what was probably a mistake in the settings. */
export function warnOfSettings(loaded: Pick<LoadedOptions<unknown>, 'warnings' | 'unused'>, role: string, context: CliContext): void {
  for (const warning of loaded.warnings) context.complain(`${role}: warning: ${warning}\n`);
  if (loaded.unused.length > 0) context.complain(`${role}: settings of Apache's without a meaning here: ${loaded.unused.join(', ')}\n`);
}

/** One clear line for whatever went wrong; a stack only for what nobody foresaw. */
export function complain(role: string, flags: Pick<CommonFlags, 'json' | 'logLevel'>, context: CliContext, error: unknown): void {
  const code = error instanceof RocketMqError ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (flags.json === true) context.complain(`${JSON.stringify({ event: 'error', role, code: code ?? 'UNEXPECTED', message })}\n`);
  else context.complain(`${role}: error: ${message}\n`);
  if (code === undefined && error instanceof Error && error.stack !== undefined) context.complain(`${error.stack}\n`);
}

function printReady(role: string, flags: CommonFlags, context: CliContext, served: Served): void {
  if (flags.json === true) {
    context.print(`${JSON.stringify({ event: 'ready', role, pid: context.pid, ...served.facts })}\n`);
    return;
  }
  const facts = Object.entries(served.facts).map(([name, value]) => `${name}=${value}`);
  context.print(`${role} is ready: ${facts.join(' ')}\n`);
}
