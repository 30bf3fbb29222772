/** Exit codes of every command. */
export const EXIT = {
  OK: 0,
  /** The process could not start or broke. */
  FAILURE: 1,
  /** A wrong command line or wrong settings: the same call will fail again. */
  USAGE: 2,
} as const;

/** What the command line needs of its process; tests run it in their own. */
export interface CliContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly version: string;
  /** Writes to standard output: results only, so that they can be piped. */
  print(text: string): void;
  /** Writes to standard error: errors and logs. */
  complain(text: string): void;
  /** Calls `listener` for every request to stop (SIGTERM, SIGINT); returns the function that ends it. */
  onStopRequested(listener: (signal: string) => void): () => void;
  /** Ends the process at once. */
  exitNow(code: number): void;
}
