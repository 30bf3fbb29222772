// `npm test`: set-up, then every check this machine can run. Arguments go to vitest, e.g. `npm test -- test/unit/store`.
import { join } from 'node:path';
import { buildIfStale, checkNode, installIfMissing, root, runNode } from './bootstrap.mjs';

checkNode();
installIfMissing();
buildIfStale();
const modules = join(root, 'node_modules');
const steps = [
  ['tidy', [join(root, 'scripts', 'tidy.mjs')]],
  ['lint', [join(modules, 'oxlint', 'bin', 'oxlint'), '--quiet', 'lib', 'broker', 'samples', 'test', 'benchmarks', 'scripts']],
  ['types', [join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json', '--noEmit']],
  ['tests', [join(modules, 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)]],
];
for (const [name, args] of steps) {
  console.log(`── ${name}`);
  const code = await runNode(args);
  if (code !== 0) {
    console.error(`${name} failed`);
    process.exitCode = code;
    break;
  }
}
