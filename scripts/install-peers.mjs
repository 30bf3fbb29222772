// Installs the reference peer: Apache RocketMQ from Maven Central plus our Java programs compiled against it, into a
// cache of the user that all checkouts share. Run it again at any time: it redoes only what is missing or changed.
//
//   node scripts/install-peers.mjs            install or refresh
//   node scripts/install-peers.mjs --check    print what is missing and exit 1, change nothing
//
// ROCKETMQ_PEER_HOME overrides the place (default: $XDG_CACHE_HOME or ~/.cache, then nestjs-rocketmq/apache-<version>).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sourceRoot = join(dirname(dirname(fileURLToPath(import.meta.url))), 'test', 'support', 'apache');
const pomPath = join(sourceRoot, 'pom.xml');
const javaRoot = join(sourceRoot, 'java');
const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

class InstallError extends Error {}

const pom = readFileSync(pomPath, 'utf8');
const version = /<rocketmq\.version>([^<]+)</.exec(pom)?.[1];
if (!version) throw new Error(`${pomPath} names no <rocketmq.version>`);
const home = process.env.ROCKETMQ_PEER_HOME || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nestjs-rocketmq', `apache-${version}`);

const javaSources = readdirSync(javaRoot).filter((name) => name.endsWith('.java')).sort().map((name) => join(javaRoot, name));
const resources = readdirSync(javaRoot).filter((name) => name.endsWith('.xml')).sort();
const jarsDigest = digest([pomPath]);
const classesDigest = digest([pomPath, ...javaSources, ...resources.map((name) => join(javaRoot, name))]);

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/** True when `directory` was filled completely from inputs with this digest. */
function isCurrent(directory, wanted) {
  const stamp = join(directory, '.digest');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** Fills a directory beside the final one and moves it into place, so that nobody sees a half-filled one. */
function replaceDirectory(directory, wanted, fill) {
  const scratch = `${directory}.${process.pid}.tmp`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  try {
    fill(scratch);
    writeFileSync(join(scratch, '.digest'), wanted);
    rmSync(directory, { recursive: true, force: true });
    renameSync(scratch, directory);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function requireTool(command, versionFlag, remedy) {
  const probe = spawnSync(command, [versionFlag], { encoding: 'utf8' });
  if (probe.error || probe.status !== 0) throw new InstallError(`cannot run "${command} ${versionFlag}": ${remedy}`);
}

function run(command, args, what) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.error) throw new InstallError(`${what}: cannot run ${command}: ${result.error.message}`);
  if (result.status !== 0) {
    const output = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-40).join('\n');
    throw new InstallError(`${what}: ${command} ended with status ${result.status}\n${output}`);
  }
}

function jarsIn(directory) {
  return readdirSync(directory).filter((name) => name.endsWith('.jar')).sort().map((name) => join(directory, name));
}

const lib = join(home, 'lib');
const classes = join(home, 'classes');
const classpathFile = join(home, 'classpath.txt');

function missing() {
  const reasons = [];
  if (!isCurrent(lib, jarsDigest)) reasons.push(`jars of Apache RocketMQ ${version} (${lib})`);
  if (!isCurrent(classes, classesDigest)) reasons.push(`compiled Java programs of test/support/apache/java (${classes})`);
  if (!existsSync(classpathFile)) reasons.push(`classpath file (${classpathFile})`);
  return reasons;
}

function installJars() {
  requireTool('mvn', '-v', 'install Maven 3.6 or newer (Debian: apt-get install maven)');
  console.log(`downloading Apache RocketMQ ${version} with Maven into ${lib}`);
  replaceDirectory(lib, jarsDigest, (scratch) => {
    run('mvn', ['-B', '-q', '-f', pomPath, dependencyPlugin, `-DoutputDirectory=${scratch}`, '-DincludeScope=runtime'], 'downloading the jars');
  });
}

function compilePrograms() {
  requireTool('javac', '-version', 'install a JDK, 17 or newer, not only a JRE (Debian: apt-get install openjdk-17-jdk-headless)');
  console.log(`compiling ${javaSources.length} Java programs into ${classes}`);
  replaceDirectory(classes, classesDigest, (scratch) => {
    run('javac', ['-nowarn', '-encoding', 'UTF-8', '--release', '17', '-d', scratch, '-cp', jarsIn(lib).join(delimiter), ...javaSources], 'compiling the Java programs');
    for (const name of resources) copyFileSync(join(javaRoot, name), join(scratch, name));
  });
}

function install() {
  requireTool('java', '-version', 'install a JDK, 17 or newer (Debian: apt-get install openjdk-17-jdk-headless)');
  mkdirSync(join(home, 'home', 'conf'), { recursive: true });
  if (isCurrent(lib, jarsDigest)) console.log(`jars: up to date (${jarsIn(lib).length} in ${lib})`);
  else installJars();
  if (isCurrent(classes, classesDigest)) console.log(`programs: up to date (${classes})`);
  else compilePrograms();
  const scratch = `${classpathFile}.${process.pid}.tmp`;
  writeFileSync(scratch, [classes, ...jarsIn(lib)].join(delimiter));
  renameSync(scratch, classpathFile);
  console.log(`Apache RocketMQ ${version} is ready in ${home}`);
}

try {
  if (process.argv.includes('--check')) {
    const reasons = missing();
    for (const reason of reasons) console.log(`missing: ${reason}`);
    process.exitCode = reasons.length > 0 ? 1 : 0;
  } else {
    install();
  }
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  console.error(`install-peers: ${error.message}`);
  process.exitCode = 1;
}
