import { defineConfig } from 'vitest/config';

/** What needs Debian's services (`npm run test:services`). They are started by the tests themselves. */
export default defineConfig({
  test: {
    include: ['test/services/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
