import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { peerClasspath, peerHome } from './peer-home.js';

/** Processes of this test process; they end with it at the latest. */
const alive = new Set<ChildProcessWithoutNullStreams>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export interface JavaProcessOptions {
  /** Shown in messages, e.g. `broker`. */
  readonly name: string;
  /** The class with `main`. It must end when its standard input closes; `Supervised` makes any class do so. */
  readonly mainClass: string;
  readonly args?: readonly string[];
  /** Working and home directory: logs (`rocketmq.log`) and local offsets are written there. */
  readonly directory: string;
  /** Largest heap, in MiB. Default 128. */
  readonly heapMegabytes?: number;
  /** Further JVM options. */
  readonly jvmOptions?: readonly string[];
}

/** A child JVM on the peer's classpath. Keeps the last output for error messages. */
export class JavaProcess {
  readonly #options: JavaProcessOptions;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exited: Promise<void>;
  #tail = '';

  private constructor(options: JavaProcessOptions, child: ChildProcessWithoutNullStreams) {
    this.#options = options;
    this.#child = child;
    alive.add(child);
    this.#exited = once(child, 'exit').then(() => void alive.delete(child));
    child.stdin.on('error', () => undefined); // the exit event tells the same
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#remember(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#remember(text));
  }

  /** Starts the JVM; does not wait until the program is ready. */
  static async start(options: JavaProcessOptions): Promise<JavaProcess> {
    await mkdir(options.directory, { recursive: true });
    const args = [
      `-Xms32m`, `-Xmx${options.heapMegabytes ?? 128}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto',
      '--add-opens=java.base/java.nio=ALL-UNNAMED', '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
      `-Duser.home=${options.directory}`, `-Djava.io.tmpdir=${options.directory}`, `-Drocketmq.home.dir=${join(peerHome(), 'home')}`, '-Djava.net.preferIPv4Stack=true',
      '-Dfile.encoding=UTF-8', ...(options.jvmOptions ?? []),
      '-cp', peerClasspath(), options.mainClass, ...(options.args ?? []),
    ];
    const child = spawn('java', args, { cwd: options.directory, stdio: ['pipe', 'pipe', 'pipe'] });
    const java = new JavaProcess(options, child);
    await once(child, 'spawn');
    return java;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get stdin(): NodeJS.WritableStream {
    return this.#child.stdin;
  }

  get stdout(): NodeJS.ReadableStream {
    return this.#child.stdout;
  }

  get stderr(): NodeJS.ReadableStream {
    return this.#child.stderr;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves when the process has ended, however it did. */
  get exited(): Promise<void> {
    return this.#exited;
  }

  /** Resolves once the output contains `text`. @throws Error with the last output when the process ends first or `timeoutMs` passes. */
  async outputs(text: string, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.#tail.includes(text)) {
      if (!this.running) throw new Error(`${this.#options.name} ended before it said "${text}":\n${await this.diagnosis()}`);
      if (Date.now() > deadline) throw new Error(`${this.#options.name} did not say "${text}" within ${timeoutMs} ms:\n${await this.diagnosis()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The end of what it printed and logged. */
  async diagnosis(): Promise<string> {
    const log = await readFile(join(this.#options.directory, 'rocketmq.log'), 'utf8').catch(() => '');
    return `${this.#tail.slice(-4_000)}\n--- rocketmq.log\n${log.slice(-4_000)}`;
  }

  /** Ends it in order (SIGTERM, its shutdown hooks run), by force after `graceMs`. */
  async stop(graceMs = 15_000): Promise<void> {
    if (!this.running) return this.#exited;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    if (this.running) this.#child.kill('SIGKILL');
    await this.#exited;
  }

  #remember(text: string): void {
    this.#tail = (this.#tail + text).slice(-64_000);
  }
}
