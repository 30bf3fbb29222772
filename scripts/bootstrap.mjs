// Set-up that every top-level command does for itself: dependencies and build. Plain Node, because nothing is installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const MIN_NODE = [20, 19];

/** Ends the command with one clear line. */
export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** Stops with a clear line on a Node that is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MIN_NODE[0] || (major === MIN_NODE[0] && minor < MIN_NODE[1])) {
    fail(`nestjs-rocketmq needs Node ${MIN_NODE.join('.')} or newer; this is ${process.version}. Install a newer Node and run the command again.`);
  }
}

function run(command, args, what) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  if (result.error) fail(`${what} could not be started: ${result.error.message}`);
  if (result.status !== 0) fail(`${what} failed (exit code ${result.status ?? result.signal}); its output is above.`);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // missing or half written: not installed
  }
}

/** Whether node_modules holds what package-lock.json asks for, by npm's own record of the tree. */
function isInstalled() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages ?? {};
  return Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional || installed[path]?.version === entry.version);
}

/** Installs the dependencies of package-lock.json unless they are there. */
export function installIfMissing() {
  if (isInstalled()) return;
  console.log('installing dependencies (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci');
}

function newestChange(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestChange(join(path, name))), stat.mtimeMs);
}

/** Compiles lib, broker, samples and benchmarks into dist/ when a source is newer than the last build. */
export function buildIfStale() {
  const stamp = join(root, 'dist', '.built');
  const sources = ['lib', 'broker', 'samples', 'benchmarks', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];
  const newest = Math.max(...sources.map((name) => newestChange(join(root, name))));
  const built = statSync(stamp, { throwIfNoEntry: false });
  if (built && built.mtimeMs > newest) return;
  console.log('building (tsc) …');
  run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], 'the build');
  writeFileSync(stamp, '');
}

/** Runs a Node program in the foreground, passes signals on, and ends with its exit code. */
export function runNode(args, env = {}) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((settle) => {
    child.on('error', (error) => fail(`could not start ${args[0]}: ${error.message}`));
    child.on('exit', (code, signal) => settle(code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)));
  });
}
