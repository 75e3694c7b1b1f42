/** What a plugin of chai found not to be equal. */
import { rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { json, project, recordingOf, run } from './kit.ts';

const PROGRAM = `import * as chai from 'chai';

chai.use(({ Assertion }) => {
  Assertion.addMethod('titles', function (...titles) {
    const found = this._obj.map((entry) => entry.title);
    new Assertion(found).to.deep.equal(titles);
  });
});
const entries = [];
for (const title of ['one', 'two']) entries.push({ title });
chai.expect(entries).to.have.titles('one', 'three');
`;

test('where a list of a plugin differs is named, and followed to where it was made', () => {
  const folder = project({ 'package.json': '{ "type": "module" }', 'program.js': PROGRAM });
  symlinkSync(path.resolve(import.meta.dirname, '../../node_modules'), path.join(folder, 'node_modules'));
  const recording = recordingOf(run(folder, 'record', '--', process.execPath, 'program.js'));
  const answer = run(folder, 'why', recording, '--json');
  expect(json<{ readonly sentence: string }>(answer).sentence).toContain('found[1] was not what titles has there');
  rmSync(folder, { recursive: true });
}, 60_000);
