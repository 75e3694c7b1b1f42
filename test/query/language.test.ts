import { describe, expect, it } from 'vitest';
import { plainOfReal, plainOfReplayed } from '../support/plain-values.ts';
import { recordInProcess, runPlainly } from '../support/record-in-process.ts';
import { programs } from './language-programs.ts';

/** Runs the program plainly and recorded; the variables of its file at the end of the replay are what it reports. */
async function check(source: string): Promise<void> {
  const recorded = await recordInProcess(source);
  const names = recorded.table.scopes[0]!.variables.map((index) => recorded.table.variables[index]!.name);
  // By hops of the shortest timer, so that a slow machine does not report before the program's own timers.
  const report = `(function $hop($left) { $left ? setTimeout($hop, 1, $left - 1) : report({ ${names.join(', ')} }); })(4)`;
  const [real] = await runPlainly(`${source}\n;${report};`);
  const replay = recorded.replay();
  replay.runToEnd();
  const values = replay.files[0]!.moduleScope!.values;
  const actual = Object.fromEntries(names.map((name, i) => [name, plainOfReplayed(replay, values[i])]));
  const expected = Object.fromEntries(
    names.map((name) => [name, plainOfReal((real as Record<string, unknown>)[name])]),
  );
  expect({ ...actual, problems: replay.problems.list, stack: replay.stack.map((act) => act.site.name) }).toEqual({
    ...expected,
    problems: [],
    stack: [],
  });
}

describe('the replayed end of a program is its real end', () => {
  for (const [title, source] of Object.entries(programs)) it(title, () => check(source));
});
