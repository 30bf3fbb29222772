import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, it } from 'vitest';

const lib = resolve(import.meta.dirname, '../../../lib');

/** Packages that a module loads at run time, through all it imports. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';|^import '([^']+)';|import\('([^']+)'\)/gms);
  for (const [, from, bare, dynamic] of imports) {
    const specifier = from ?? bare ?? dynamic;
    if (!specifier.startsWith('.')) packages.add(specifier);
    else for (const inner of packagesOf(resolve(dirname(file), specifier.replace(/\.js$/, '.ts')), seen)) packages.add(inner);
  }
  return packages;
}

const nestOrHttp = /^(@nestjs\/|rxjs|reflect-metadata|express|class-)/;

it.each(['client', 'idempotency'])('loads no Nest with nestjs-rocketmq/%s', (entry) => {
  const packages = [...packagesOf(resolve(lib, `entry/${entry}.ts`))];
  expect(packages.filter((name) => nestOrHttp.test(name))).toEqual([]);
  expect(packages).toContain('node:crypto');
});

it('loads nothing but Nest, rxjs and our own dependencies with nestjs-rocketmq', () => {
  const own = JSON.parse(readFileSync(resolve(lib, '../package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const packages = [...packagesOf(resolve(lib, 'index.ts'))].filter((name) => !name.startsWith('node:'));
  const allowed = (name: string): boolean => /^(@nestjs\/(common|core|microservices)(\/|$)|rxjs)/.test(name) || name in own.dependencies;
  expect(packages.filter((name) => !allowed(name))).toEqual([]);
  expect(packages).toContain('@nestjs/microservices');
});

it('exports the names of client and idempotency too', async () => {
  const names = Object.keys(await import('../../../lib/index.js'));
  expect(names).toEqual(expect.arrayContaining(['RocketMQModule', 'RocketConsumer', 'Idempotent', 'Producer', 'FileIdempotencyStore', 'RocketMqError', 'PROPERTY']));
});
