import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { runCliProcess, spawnCli } from '../../support/cli-process.js';
import { spawnOurBroker, startOurBroker, type OurBroker } from '../../support/our-broker.js';

let directory: string;
let taken: OurBroker;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rmq-cli-'));
  taken = await startOurBroker();
});

afterAll(async () => {
  await taken.stop();
  rmSync(directory, { recursive: true });
});

const file = (name: string, content: string): string => {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
};
const store = (name: string): string => join(directory, name);
const portOf = (address: string): string => address.split(':')[1];
const FREE = ['--set', 'listenPort=0', '--set', 'bindAddress=127.0.0.1', '--log-level', 'off'];

describe('the command line', () => {
  test.each<[string, string[], RegExp]>([
    ['nothing', [], /Usage: nestjs-rocketmq/],
    ['an unknown command', ['brokr'], /unknown command 'brokr'[\s\S]*Did you mean broker\?/],
    ['an unknown flag', ['broker', '--listenport', '1'], /unknown option '--listenport'[\s\S]*Did you mean --listen-port\?/],
    ['a flag without its value', ['broker', '-c'], /option '-c, --config <file>' argument missing/],
    ['a port that is none', ['namesrv', '--listen-port', '99999'], /'99999' is invalid.*A port is an integer from 0 to 65535/],
    ['a setting without "="', ['broker', '--set', 'listenPort'], /Write --set key=value/],
    ['a superfluous argument', ['standalone', 'now'], /too many arguments/],
    ['an unknown log level', ['broker', '--log-level', 'loud'], /Allowed choices are debug, info, warn, error, off/],
    ['a wrong value', ['broker', '--set', 'flushDiskType=SYNC'], /broker: error: wrong setting: flushDiskType=SYNC \(command line\): allowed is ASYNC_FLUSH or SYNC_FLUSH/],
    ['a missing file', ['broker', '-c', '/nowhere/broker.conf'], /cannot read the configuration file \/nowhere\/broker\.conf: there is no such file/],
    ['a NameServer setting that is wrong', ['namesrv', '--set', 'orderMessageEnable=maybe'], /orderMessageEnable=maybe .*allowed is true or false/],
  ])('%s is a usage error', async (_what, args, message) => {
    const { code, stdout, stderr } = await runCliProcess(args);
    expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
    expect(stderr, 'no stack for a mistake of the caller').not.toMatch(/\n\s+at /);
  });

  test('a directory or a malformed file in place of a configuration', async () => {
    expect(await runCliProcess(['broker', '-c', directory])).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot read the configuration file .*EISDIR/) });
    const bad = file('bad.conf', 'brokerName=a\nbrokerClusterName=\\u12');
    expect(await runCliProcess(['broker', '-c', bad])).toMatchObject({ code: 2, stderr: expect.stringContaining('bad.conf: line 2: ') });
  });

  test('a wrong environment variable names itself', async () => {
    const { code, stderr } = await runCliProcess(['broker'], { ROCKETMQ_LISTEN_PORT: 'many' });
    expect(stderr).toMatch(/listenPort=many \(environment variable ROCKETMQ_LISTEN_PORT\)/);
    expect(code).toBe(2);
  });

  test('errors are JSON lines with --json', async () => {
    const { code, stderr } = await runCliProcess(['broker', '--json', '--set', 'brokerId=x']);
    expect(JSON.parse(stderr)).toMatchObject({ event: 'error', role: 'broker', code: 'CONFIG_INVALID', message: expect.stringContaining('brokerId=x') });
    expect(code).toBe(2);
  });

  test.each(['standalone', 'namesrv', 'broker'])('%s --help says everything and ends well', async (command) => {
    const { code, stdout } = await runCliProcess([command, '--help']);
    expect(stdout).toMatch(new RegExp(`Usage: nestjs-rocketmq ${command} `));
    expect(stdout).toMatch(/--config <file>[\s\S]*--json[\s\S]*Exit codes:/);
    expect(code).toBe(0);
  });

  test('--print-config shows what would be used, and starts nothing', async () => {
    const conf = file('print.conf', 'listenPort=1234\nbrokerNmae=x\nsendMessageThreadPoolNums=4');
    const { code, stdout, stderr } = await runCliProcess(['broker', '-c', conf, '-p', '--set', 'brokerName=b'], { ROCKETMQ_REGION_ID: 'R' });
    expect(stdout).toMatch(/^brokerName=b$[\s\S]*^listenPort=1234$[\s\S]*^regionId=R$/m);
    expect(stderr).toMatch(/warning: unknown setting brokerNmae \(.*print\.conf\); did you mean brokerName\?/);
    expect(stderr).toMatch(/without a meaning here: sendMessageThreadPoolNums/);
    expect(code).toBe(0);
    const json = await runCliProcess(['namesrv', '-p', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ listenPort: 9876 });
  });
});

describe('a start that cannot succeed', () => {
  test.each([
    ['the broker\'s port is taken', () => ['broker', ...FREE, '--set', `listenPort=${portOf(taken.brokerAddress)}`, '--store', store('s1')], /error: cannot listen on .*: the port is taken/],
    ['the NameServer\'s port is taken', () => ['namesrv', '--set', `listenPort=${portOf(taken.nameServer)}`], /error: cannot listen on .*: the port is taken/],
    ['the store belongs to another broker', () => ['broker', ...FREE, '--store', join(taken.directory, 'store')], /error: .*store.* is in use by .*process \d+/],
    ['the store is a file', () => ['broker', ...FREE, '--store', file('a-file', '')], /error: the store cannot be opened at storePathRootDir=.*a-file: EEXIST.*give a directory that this process may write/],
    ['the address is not ours', () => ['broker', ...FREE, '--set', 'bindAddress=203.0.113.7', '--store', store('s2')], /cannot listen on 203\.0\.113\.7: this machine has no such address; set bindAddress/],
    ['the advertised name is unknown', () => ['broker', ...FREE, '--set', 'brokerIP1=no-such-host.invalid', '--store', store('s3')], /brokerIP1=no-such-host\.invalid is no address and cannot be resolved/],
    ['it is to be a slave', () => ['broker', ...FREE, '--set', 'brokerRole=SLAVE', '--set', 'brokerId=1', '--store', store('s4')], /brokerRole=SLAVE: this version does not replicate/],
  ])('%s: one clear error', async (_what, args, message) => {
    const { code, stdout, stderr } = await runCliProcess(args());
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n').filter((line) => line.includes('error:'))).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  test('a damaged table names its file and the remedy', async () => {
    mkdirSync(join(directory, 'damaged', 'config'), { recursive: true });
    writeFileSync(join(directory, 'damaged', 'config', 'topics.json'), '{"topicConfigTable":');
    const { code, stderr } = await runCliProcess(['broker', ...FREE, '--store', store('damaged')]);
    expect(stderr).toMatch(/error: .*damaged\/config\/topics\.json cannot be read .*restore one of them, or delete both/);
    expect(code).toBe(1);
  });

  test('a commit log of another file size is refused', async () => {
    mkdirSync(join(directory, 'foreign', 'commitlog'), { recursive: true });
    writeFileSync(join(directory, 'foreign', 'commitlog', '00000000000000000000'), Buffer.alloc(5000));
    writeFileSync(join(directory, 'foreign', 'commitlog', '00000000000000005000'), Buffer.alloc(5000));
    const { code, stderr } = await runCliProcess(['broker', ...FREE, '--store', store('foreign')]);
    expect(stderr).toMatch(/error: .*mappedFileSizeCommitLog/);
    expect(code).toBe(1);
  });
});

describe('a running process', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in good order', async (signal) => {
    const broker = await spawnOurBroker();
    await broker.kill(signal);
    expect(await broker.stop()).toBe(0);
  });

  test('the readiness line names the real ports', async () => {
    const child = spawnCli(['namesrv', '--listen-port', '0', '--bind', '127.0.0.1', '--json', '--log-level', 'off', '--set', `kvConfigPath=${join(directory, 'kv.json')}`]);
    expect(JSON.parse((await child.firstLine()) ?? '')).toEqual({ event: 'ready', role: 'namesrv', pid: child.pid, nameServerAddress: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d+$/) });
    child.kill('SIGTERM');
    expect(await child.exited).toEqual({ code: 0, signal: null });
    expect(child.stderr()).toBe('');
  });

  test('without --json the line is for people, and a missing NameServer is said', async () => {
    const child = spawnCli(['broker', ...FREE, '--store', store('plain')]);
    expect(await child.firstLine()).toMatch(/^broker is ready: brokerName=\S+ brokerAddress=\S+:[1-9]\d+ /);
    expect(child.stderr()).toMatch(/namesrvAddr is not set; no NameServer will know this broker/);
    child.kill('SIGTERM');
    expect((await child.exited).code).toBe(0);
  });

  test('an unreachable NameServer does not keep a broker from starting, and is named', async () => {
    const child = spawnCli(['broker', '--listen-port', '0', '--set', 'bindAddress=127.0.0.1', '-n', '127.0.0.1:1', '--store', store('alone'), '--json']);
    expect(JSON.parse((await child.firstLine()) ?? '')).toMatchObject({ event: 'ready' });
    expect(child.stderr()).toMatch(/WARN.*a NameServer could not be told of this broker; trying again nameServer=127\.0\.0\.1:1/);
    child.kill('SIGTERM');
    expect((await child.exited).code).toBe(0);
  });
});
