/** Scripts of `vm` in a light recording. */
import { expect, test, vi } from 'vitest';
import { Program } from '../rerun/program.ts';
import { light, materialise } from './light.ts';

vi.setConfig({ testTimeout: 60_000 });

test('a script that was stopped because the machine stood still is stopped again', async () => {
  const program = new Program({
    'main.js': `
      const vm = require('node:vm');
      const stops = 'for i in 1 2 3 4 5 6; do sleep 0.1; kill -STOP $PPID; sleep 0.7; kill -CONT $PPID; done';
      const child = require('node:child_process').spawn('sh', ['-c', stops], { stdio: 'ignore' });
      const script = new vm.Script('let sum = 0; for (let i = 0; i < 1e7; i++) sum += i % 7; sum > 1');
      let told;
      for (let round = 0; round < 1000 && !told; round++) {
        try {
          script.runInNewContext({}, { timeout: 500 });
        } catch (error) {
          told = [error.code, error.message, error instanceof Error];
        }
      }
      child.kill();
      console.log(told);
    `,
  });
  const { stdout } = await light(program, 'main.js');
  expect(stdout).toBe(
    "[\n  'ERR_SCRIPT_EXECUTION_TIMEOUT',\n  'Script execution timed out after 500ms',\n  false\n]\n",
  );
  expect(await materialise(program)).toMatchObject({ divergences: [] });
});
