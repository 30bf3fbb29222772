import type { LoggerService } from '@nestjs/common';

import type { LogFields, Logger } from '../lib/runtime/logger.js';

/** Severity from which on lines are written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'off';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'off'];

/** Writes the project's log lines through a Nest logger: the text, then its fields as `name=value`. */
export class NestLogger implements Logger {
  readonly #from: number;

  constructor(
    private readonly service: LoggerService,
    private readonly context: string,
    level: LogLevel = 'debug',
  ) {
    this.#from = LEVELS.indexOf(level);
  }

  debug(message: string, fields?: LogFields): void {
    if (this.#from <= 0) this.service.debug?.(withFields(message, fields), this.context);
  }

  info(message: string, fields?: LogFields): void {
    if (this.#from <= 1) this.service.log(withFields(message, fields), this.context);
  }

  warn(message: string, fields?: LogFields): void {
    if (this.#from <= 2) this.service.warn(withFields(message, fields), this.context);
  }

  error(message: string, fields?: LogFields): void {
    if (this.#from > 3) return;
    const stack = stackOf(fields);
    if (stack === undefined) this.service.error(withFields(message, fields), this.context);
    else this.service.error(withFields(message, fields), stack, this.context);
  }
}

function stackOf(fields: LogFields | undefined): string | undefined {
  if (typeof fields?.stack === 'string') return fields.stack;
  return fields?.error instanceof Error ? fields.error.stack : undefined;
}

function withFields(message: string, fields: LogFields | undefined): string {
  if (fields === undefined) return message;
  let text = message;
  for (const [name, value] of Object.entries(fields)) if (name !== 'stack' && value !== undefined) text += ` ${name}=${shown(value)}`;
  return text;
}

/** Longest value of a field; a request may carry text of any size. */
const VALUE_LENGTH_MAX = 300;

/** Plain words as they are; whatever could look like another field or another line is quoted and escaped. */
function shown(value: unknown): string {
  if (value instanceof Error) return quoted(value.message);
  if (typeof value === 'string') return /^[\x21-\x7e]+$/.test(value) && !/["=]/.test(value) ? cut(value) : quoted(value);
  if (typeof value === 'object' && value !== null) return cut(JSON.stringify(value));
  return String(value);
}

function quoted(text: string): string {
  return JSON.stringify(cut(text));
}

function cut(text: string): string {
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
}
