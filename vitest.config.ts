import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{trace-runtime,cli,extension,webview-ui,operational-loop}/src/**/*.test.ts', 'test/**/*.test.ts'],
    // What stands in test/vscode runs inside or around VS Code: `npm run test:vscode`.
    exclude: ['**/node_modules/**', '**/dist/**', 'test/fixtures/**', 'test/vscode/**', '**/*.sqlite.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
