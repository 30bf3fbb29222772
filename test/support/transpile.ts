import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import ts from 'typescript';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Writes the modules that `entry` (a path in the repository) needs, with itself, as JavaScript under `target`, and
 * returns the path of the entry there. For tests that start real child processes: those need no TypeScript loader and
 * start fast. Follows relative imports; packages of `node_modules` are not reachable from there.
 */
export function transpileForNode(entry: string, target: string): string {
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  const waiting = [resolve(ROOT, entry)];
  const seen = new Set(waiting);
  for (let source = waiting.pop(); source !== undefined; source = waiting.pop()) {
    const code = ts.transpileModule(readFileSync(source, 'utf8'), {
      fileName: source,
      compilerOptions: {
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.ESNext,
        experimentalDecorators: true,
        emitDecoratorMetadata: true,
      },
    }).outputText;
    const output = join(target, relative(ROOT, source)).replace(/\.ts$/, '.js');
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, code);
    for (const [, specifier] of code.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)\.js['"]/g)) {
      const next = resolve(dirname(source), `${specifier}.ts`);
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return join(target, entry).replace(/\.ts$/, '.js');
}
