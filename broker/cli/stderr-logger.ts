import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Nest's console logger, but all of it on standard error: standard output carries results only. */
export class StderrLogger extends ConsoleLogger {
  constructor() {
    super({ prefix: 'RocketMQ', colors: process.stderr.isTTY === true && process.env.NO_COLOR === undefined });
  }

  protected override printMessages(messages: unknown[], context?: string, logLevel?: LogLevel, _stream?: 'stdout' | 'stderr', errorStack?: unknown): void {
    super.printMessages(messages, context, logLevel, 'stderr', errorStack);
  }
}
