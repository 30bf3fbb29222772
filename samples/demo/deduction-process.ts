import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How long the child may take to say that it is ready, ms. */
const READY_TIMEOUT_MS = 20_000;

/** The deduction service as a process of its own, so that it can be killed. */
export class DeductionProcess {
  private child: ChildProcess | undefined;
  private baseUrl = '';

  constructor(private readonly env: Readonly<Record<string, string>>) {}

  /** Where its HTTP API is. */
  get url(): string {
    return this.baseUrl;
  }

  /** Starts the process and waits until it consumes. */
  async start(): Promise<void> {
    const script = fileURLToPath(new URL('../deduction/main.js', import.meta.url));
    const child = fork(script, { env: { ...process.env, ...this.env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child = child;
    const ready = once(child, 'message', { signal: AbortSignal.timeout(READY_TIMEOUT_MS) });
    const died = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`the deduction service ended while starting (${signal ?? `exit code ${code}`}); its output is above`);
    });
    const [message] = (await Promise.race([ready, died])) as [{ url: string }];
    died.catch(() => undefined); // from here on its end is our doing
    this.baseUrl = message.url;
  }

  /** Kills the process as a power cut would: no handler of it runs. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks the process to finish its work and end. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
