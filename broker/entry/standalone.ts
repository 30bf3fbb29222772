import 'reflect-metadata';

import { processContext } from '../cli/process-context.js';
import { runCli } from '../cli/run-cli.js';

// Entry of `nest start standalone`, which takes a file and no arguments of ours; the same as `nestjs-rocketmq standalone`.
process.exitCode = await runCli(['standalone', ...process.argv.slice(2)], processContext());
