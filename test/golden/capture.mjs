// Records all golden fixtures anew from Apache RocketMQ: `node test/golden/capture.mjs`. Needs Java 17, Maven and tar.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const golden = dirname(fileURLToPath(import.meta.url));
const root = join(golden, '..', '..');
const version = /<rocketmq\.version>([^<]+)</.exec(readFileSync(join(root, 'test', 'support', 'apache', 'pom.xml'), 'utf8'))[1];
const peerHome = process.env.ROCKETMQ_PEER_HOME || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nestjs-rocketmq', `apache-${version}`);

function run(command, args) {
  const result = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`${command} ${args[0]} ended with status ${result.status}`);
}

function java(directory, ...args) {
  const classpath = readFileSync(join(peerHome, 'classpath.txt'), 'utf8');
  run('java', ['--add-opens=java.base/java.nio=ALL-UNNAMED', '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED', '-Djava.net.preferIPv4Stack=true',
    `-Duser.home=${directory}`, `-Drocketmq.home.dir=${join(peerHome, 'home')}`, '-cp', classpath, ...args]);
}

run(process.execPath, [join(root, 'scripts', 'install-peers.mjs')]);
const scratch = mkdtempSync(join(tmpdir(), 'rocketmq-golden-'));
try {
  java(scratch, 'GoldenCapture', golden);
  // Ports that are recorded in the store: fixed ones, so that a new recording differs in times alone.
  java(scratch, 'GoldenStore', join(scratch, 'recording'), '31876', '31911');
  mkdirSync(join(golden, 'store'), { recursive: true });
  copyFileSync(join(scratch, 'recording', 'contents.json'), join(golden, 'store', 'contents.json'));
  run('tar', ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--exclude=./lock', '--exclude=./compaction', '--exclude=./rocksdbstore', '-C', join(scratch, 'recording', 'store'), '-czf', join(golden, 'store', 'store.tar.gz'), '.']);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
