#!/usr/bin/env node
import 'reflect-metadata';

import { processContext } from './cli/process-context.js';
import { runCli } from './cli/run-cli.js';

process.exitCode = await runCli(process.argv.slice(2), processContext());
