import { defineConfig } from 'vitest/config';

/** What needs `node:sqlite`: `test/operations/sqlite.test.ts` runs these on a Node that has it. */
export default defineConfig({
  test: {
    include: ['operational-loop/src/**/*.sqlite.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
