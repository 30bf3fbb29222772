/** Fields that accompany a log line. Secrets never belong here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What the project logs through; adapters exist for Nest's logger and for the console. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Discards everything; the default of classes that are used without an application around them. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
