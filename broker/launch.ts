import { type DynamicModule, type INestApplicationContext, Logger, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/** Nest's own lines while an application comes up: which modules it made, and errors that we report ourselves. */
const FRAMEWORK_CONTEXTS: ReadonlySet<unknown> = new Set(['NestFactory', 'InstanceLoader', 'ExceptionHandler']);

/** Nest's logger is one per process; this reads the present one, so that it can be put back. */
class ProcessLogger extends Logger {
  static current(): LoggerService | undefined {
    return Logger.staticInstanceRef;
  }
}

/** Passes everything on but, while {@link isStarting}, the framework's own lines. */
class StartFilter implements LoggerService {
  isStarting = true;

  constructor(private readonly target: LoggerService) {}

  log(message: unknown, ...rest: unknown[]): void {
    if (this.#passes(rest)) this.target.log(message, ...rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    if (this.#passes(rest)) this.target.error(message, ...rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    if (this.#passes(rest)) this.target.warn(message, ...rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    if (this.#passes(rest)) this.target.debug?.(message, ...rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    if (this.#passes(rest)) this.target.verbose?.(message, ...rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    if (this.#passes(rest)) this.target.fatal?.(message, ...rest);
  }

  #passes(rest: readonly unknown[]): boolean {
    return !this.isStarting || !FRAMEWORK_CONTEXTS.has(rest.at(-1));
  }
}

/**
 * Starts a module as a Nest application without a web server. Errors are thrown, never printed or answered with a process exit; the
 * framework's start-up lines are left out, and the application around us (if there is one) keeps its logger.
 */
export async function launch(module: DynamicModule): Promise<INestApplicationContext> {
  const before = ProcessLogger.current();
  const filter = before === undefined ? undefined : new StartFilter(before);
  try {
    return await NestFactory.createApplicationContext(module, { abortOnError: false, ...(filter && { logger: filter }) });
  } finally {
    if (filter !== undefined) filter.isStarting = false;
    if (filter !== undefined && ProcessLogger.current() === filter) Logger.overrideLogger(before as LoggerService);
  }
}
