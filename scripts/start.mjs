// `npm start`: set-up, then the demonstration. Arguments go to it, e.g. `npm start -- --once`.
import { join } from 'node:path';
import { buildIfStale, checkNode, installIfMissing, root, runNode } from './bootstrap.mjs';

checkNode();
installIfMissing();
buildIfStale();
process.exitCode = await runNode([join(root, 'dist', 'samples', 'demo', 'main.js'), ...process.argv.slice(2)]);
