import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JavaProcess } from './java-process.js';

/** Runs Apache's `mqadmin` once, e.g. `mqadmin(['topicList', '-n', nameServer])`, and returns what it printed, errors included. */
export async function mqadmin(args: readonly string[], timeoutMs = 60_000): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rocketmq-mqadmin-'));
  const java = await JavaProcess.start({ name: `mqadmin ${args[0] ?? ''}`, mainClass: 'Supervised', args: ['org.apache.rocketmq.tools.command.MQAdminStartup', ...args], directory });
  let output = '';
  java.stdout.on('data', (text: string) => (output += text));
  java.stderr.on('data', (text: string) => (output += text));
  const timer = setTimeout(() => void java.kill(), timeoutMs);
  await java.exited;
  clearTimeout(timer);
  await rm(directory, { recursive: true, force: true });
  return output;
}
