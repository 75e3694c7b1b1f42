import { defineConfig } from 'vitest/config';

/** These replace built-in functions of the process that they run in, or measure it. */
const ALONE = [
  'trace-runtime/src/{boundary,recorder}/**/*.test.ts',
  'operational-loop/src/ingest/process-sampler.test.ts',
];
// What stands in test/vscode runs inside or around VS Code: `npm run test:vscode`; in test/services beside Debian's
// services: `npm run test:services`.
const EXCLUDED = [
  '**/node_modules/**',
  '**/dist/**',
  'test/fixtures/**',
  'test/services/**',
  'test/vscode/**',
  '**/*.sqlite.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    // Many of them wait for programs, timers and servers: more of them at once than a small machine has cores take less time.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: ALONE, exclude: EXCLUDED, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'together',
          include: [
            '{trace-runtime,debug-adapter,cli,extension,webview-ui,operational-loop}/src/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: [...EXCLUDED, ...ALONE],
          // A process for each file would load the same modules again and again.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
