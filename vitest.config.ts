import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They take minutes: begun last, one of them would run alone in the end. */
const LONG = [
  'integration/transparency',
  'integration/error-texts',
  'oracle/oracle',
  'rerun/runners',
  'operations/daemon',
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      LONG.some((name) => moduleId.endsWith(`test/${name}.test.ts`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

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

/** What runs the command, in `test/rerun` and `test/reexecute` the programs, too: it starts in half of the time of Node 20. */
const NEWEST = path.resolve('node_modules/node24/bin/node');
const TEST_NODE = process.env['TEST_NODE'] ?? (existsSync(NEWEST) ? NEWEST : process.execPath);

export default defineConfig({
  test: {
    globalSetup: 'test/support/temporary-files.ts',
    pool: 'forks',
    env: { TEST_NODE },
    // Many of them wait for programs, timers and servers: more of them at once than a small machine has cores take less time.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongFirst },
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
