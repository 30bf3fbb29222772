import 'reflect-metadata';

import { processContext } from '../cli/process-context.js';
import { runCli } from '../cli/run-cli.js';

// Entry of `nest start namesrv`, which takes a file and no arguments of ours; the same as `nestjs-rocketmq namesrv`.
process.exitCode = await runCli(['namesrv', ...process.argv.slice(2)], processContext());
