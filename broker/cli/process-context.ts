import { createRequire } from 'node:module';

import type { CliContext } from './cli-context.js';

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** The process we run in. */
export function processContext(): CliContext {
  return {
    environment: process.env,
    pid: process.pid,
    version: packageVersion(),
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    onStopRequested: (listener) => {
      for (const signal of STOP_SIGNALS) process.on(signal, listener);
      return () => STOP_SIGNALS.forEach((signal) => process.off(signal, listener));
    },
    exitNow: (code) => process.exit(code),
  };
}

/** Version of this package; the same file is found from the sources and from `dist`. */
function packageVersion(): string {
  const load = createRequire(import.meta.url);
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = load(path) as { name?: string; version?: string };
      if (name === 'nestjs-rocketmq' && version !== undefined) return version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return 'unknown';
}
