import 'reflect-metadata';

import { processContext } from '../cli/process-context.js';
import { runCli } from '../cli/run-cli.js';

// Entry of `nest start broker`, which takes a file and no arguments of ours; the same as `nestjs-rocketmq broker`.
process.exitCode = await runCli(['broker', ...process.argv.slice(2)], processContext());
