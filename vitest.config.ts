import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{trace-runtime,cli,extension}/src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'test/fixtures/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
