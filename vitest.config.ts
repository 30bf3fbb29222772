import { configDefaults, defineConfig } from 'vitest/config';
import { excludedForMissingPeers } from './test/support/requirements.js';

export default defineConfig({
  test: {
    include: ['test/**/*.spec.ts'],
    exclude: [...configDefaults.exclude, ...excludedForMissingPeers()],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Many specs wait for other processes rather than compute: two at a time, also on a machine with two cores.
    maxWorkers: 2,
  },
});
