import { Logger as NestStaticLogger, type LoggerService } from '@nestjs/common';

import { SystemClock, type Clock } from '../lib/runtime/clock.js';
import type { FileSystem } from '../lib/runtime/file-system.js';
import type { Logger } from '../lib/runtime/logger.js';
import type { Network } from '../lib/runtime/network.js';
import { NodeFileSystem } from '../lib/runtime/node-file-system.js';
import { NodeNetwork } from '../lib/runtime/node-network.js';
import { SystemRandom, type Random } from '../lib/runtime/random.js';
import { ImmediateTurnScheduler, type TurnScheduler } from '../lib/runtime/turn-scheduler.js';
import { localHost, type LocalHost } from './config/local-host.js';
import { NestLogger, type LogLevel } from './nest-logger.js';

/** The outside world as a NameServer or broker sees it; tests and the simulation replace parts of it. */
export interface Runtime {
  readonly clock: Clock;
  readonly files: FileSystem;
  readonly network: Network;
  readonly random: Random;
  readonly turns: TurnScheduler;
  readonly host: LocalHost;
  /** A logger whose lines carry the name of a part of the program. */
  readonly loggerOf: (context: string) => Logger;
}

/** Token of the {@link Runtime}. */
export const RUNTIME = Symbol('RUNTIME');

/**
 * The real world.
 * @param logs where lines go; default: Nest's logger, as the application set it
 * @param level severity from which on lines are written
 */
export function systemRuntime(logs: LoggerService = new NestStaticLogger(), level: LogLevel = 'info'): Runtime {
  return {
    clock: new SystemClock(),
    files: new NodeFileSystem(),
    network: new NodeNetwork(),
    random: new SystemRandom(),
    turns: new ImmediateTurnScheduler(),
    host: localHost(),
    loggerOf: (context) => new NestLogger(logs, context, level),
  };
}

/** The real world for a broker inside someone else's process: its warnings and errors go to Nest's logger, the rest is left out. */
export function embeddedRuntime(): Runtime {
  return systemRuntime(undefined, 'warn');
}
