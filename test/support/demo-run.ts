import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a run of the demonstration ended and what it printed. */
export interface DemoRun {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs the built demonstration as `npm start -- --once …` does, to its end. */
export function runDemo(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<DemoRun> {
  const script = fileURLToPath(new URL('../../dist/samples/demo/main.js', import.meta.url));
  const child = spawn(process.execPath, [script, '--once', ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, output }));
  });
}
