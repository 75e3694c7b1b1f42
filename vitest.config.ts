import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{trace-runtime,debug-adapter,cli,extension,webview-ui,operational-loop}/src/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    // What stands in test/vscode runs inside or around VS Code: `npm run test:vscode`; in test/services beside Debian's
    // services: `npm run test:services`.
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      'test/fixtures/**',
      'test/services/**',
      'test/vscode/**',
      '**/*.sqlite.test.ts',
    ],
    pool: 'forks',
    // Many of them wait for programs, timers and servers: more of them at once than a small machine has cores take less time.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
