import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RocketMqError } from '../../../lib/errors/rocketmq-error.js';
import { NodeFileSystem } from '../../../lib/runtime/node-file-system.js';
import { ImmediateTurnScheduler } from '../../../lib/runtime/turn-scheduler.js';
import { ConfigFile } from '../../../broker/config/config-file.js';

describe('a config file', () => {
  let root: string;
  let path: string;
  let file: ConfigFile;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rmq-config-'));
    path = join(root, 'config/topics.json');
    file = new ConfigFile(new NodeFileSystem(), path, new ImmediateTurnScheduler());
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const decode = (content: Buffer): unknown => JSON.parse(content.toString());
  const put = (suffix: string, content: string): void => {
    mkdirSync(join(root, 'config'), { recursive: true });
    writeFileSync(path + suffix, content);
  };

  it('reads as undefined when there has never been one', () => {
    expect(file.load(decode)).toBeUndefined();
  });

  it('keeps the previous content beside the new one, and no temporary file', async () => {
    await file.save(() => '{"n":1}');
    await file.save(() => '{"n":2}');
    expect(file.load(decode)).toEqual({ n: 2 });
    expect(readFileSync(`${path}.bak`, 'utf8')).toBe('{"n":1}');
    expect(readdirSync(join(root, 'config'))).toEqual(['topics.json', 'topics.json.bak']);
  });

  it('writes once for many changes of one turn, with the state at the time of writing', async () => {
    let value = 0;
    let encodings = 0;
    const saves = Array.from({ length: 50 }, () => {
      value += 1;
      return file.save(() => ((encodings += 1), JSON.stringify({ value })));
    });
    await Promise.all(saves);
    expect(encodings).toBe(1);
    expect(file.load(decode)).toEqual({ value: 50 });
  });

  it('does not confirm a change that came while an older state was being written', async () => {
    let value = 1;
    const encode = (): string => JSON.stringify({ value });
    const first = file.save(encode);
    await new Promise((resolve) => setImmediate(resolve));
    value = 2;
    await Promise.all([first, file.save(encode)]);
    expect(file.load(decode)).toEqual({ value: 2 });
  });

  it.each([
    ['the file is damaged', { '': '{"n":', '.bak': '{"n":1}' }, { n: 1 }],
    ['the file is empty, as after a crash of another broker', { '': '', '.bak': '{"n":1}' }, { n: 1 }],
    ['the process died between the two renames', { '.tmp': '{"n":2}', '.bak': '{"n":1}' }, { n: 2 }],
    ['the process died while writing the new content', { '': '{"n":1}', '.tmp': '{"n"' }, { n: 1 }],
    ['only a torn first write is there', { '.tmp': '{"n"' }, undefined],
  ])('finds the newest whole content when %s', (_, files, expected) => {
    for (const [suffix, content] of Object.entries(files)) put(suffix, content);
    expect(file.load(decode)).toEqual(expected);
  });

  it.each([
    ['both are damaged', { '': '{"n":', '.bak': 'x' }],
    ['the only one is damaged', { '': '{"n":' }],
  ])('stops the start when %s, naming the files and what to do', (_, files) => {
    for (const [suffix, content] of Object.entries(files)) put(suffix, content);
    let error: unknown;
    try {
      file.load(decode);
    } catch (thrown) {
      error = thrown;
    }
    expect((error as RocketMqError).code).toBe('CONFIG_INVALID');
    expect((error as Error).message).toContain(`${path}.bak; restore one of them, or delete both to start empty`);
  });

  it('reports a write that failed to everyone who waited, and works again afterwards', async () => {
    put('', '{"n":1}');
    mkdirSync(`${path}.tmp`);
    const saves = [file.save(() => '{"n":2}'), file.save(() => '{"n":2}')];
    for (const save of saves) await expect(save).rejects.toThrow();
    rmSync(`${path}.tmp`, { recursive: true });
    await file.save(() => '{"n":3}');
    expect(file.load(decode)).toEqual({ n: 3 });
  });
});
