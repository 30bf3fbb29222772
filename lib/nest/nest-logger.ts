import { Logger as NestLogger } from '@nestjs/common';
import type { LogFields, Logger } from '../runtime/logger.js';

/** Logs through Nest's logger; fields follow the text as `name=value`. */
export class NestLoggerAdapter implements Logger {
  readonly #logger: NestLogger;

  constructor(context: string) {
    this.#logger = new NestLogger(context);
  }

  debug(message: string, fields?: LogFields): void {
    this.#logger.debug(withFields(message, fields));
  }

  info(message: string, fields?: LogFields): void {
    this.#logger.log(withFields(message, fields));
  }

  warn(message: string, fields?: LogFields): void {
    this.#logger.warn(withFields(message, fields));
  }

  error(message: string, fields?: LogFields): void {
    const { error, ...others } = fields ?? {};
    // The stack repeats the error's text.
    if (error instanceof Error) this.#logger.error(withFields(message, others), error.stack);
    else this.#logger.error(withFields(message, fields));
  }
}

function withFields(message: string, fields: LogFields | undefined): string {
  if (fields === undefined) return message;
  const texts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${textOf(value)}`);
  return texts.length === 0 ? message : `${message} ${texts.join(' ')}`;
}

function textOf(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.message);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
