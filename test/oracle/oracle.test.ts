/** What recordings show, against V8's inspector, in programs that they were wrong in once; `npm run oracle` has all. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { nodes } from '../support/nodes.ts';

const root = path.resolve(import.meta.dirname, '../..');
const PROGRAMS = [
  'modules-again.mjs',
  'getters-in-defaults.js',
  'resized-buffers.js',
  'lexers.js',
  'initialisers-that-write.js',
  'super-writes.js',
  'finally-rounds.js',
  'outer-continue.js',
  'replaced-lastindex.js',
  'kept-parameters.js',
  'unseen-parameters.js',
  'borrowed-matches.js',
  'thrown-into-loops.js',
  'event-feeds.js',
  'money.js',
  'labelled-statements.js',
  'throwing-defaults.js',
  'first-computed-keys.js',
  'regexp-chains.js',
  'generators-over-streams.mjs',
  'registry.js',
  'own-array-classes.js',
  'accessors-with-effects.js',
  'own-event-targets.js',
  'odd-fields.js',
  'sloppy-switches.js',
  'delegated-getters.js',
  'delegated-frozen.js',
  'delegated-results.js',
  'text-code.js',
  'text-code-calls.js',
  'sparse-arrays.js',
  'self-replacing-setters.js',
  'switch-defaults.js',
  'vm-contexts.js',
  'vm-collections.js',
  'species-lab.js',
  'read-only-elements.js',
  'pending-throws.js',
  'state-store.mjs',
  'channels.mjs',
  'entities.js',
  'text-lab.js',
  'plain-dates.js',
  'odds-and-ends.js',
  'module-graph.mjs',
];
/** that older versions of Node do not parse */
const NEW = [
  'node24/await-using.mjs',
  'node24/data-modules.mjs',
  'node24/disposal.mjs',
  'node24/resources.mjs',
  'node24/using-in-generators.mjs',
  'node24/using-in-heads.mjs',
  'typescript/transformed.ts',
];
/** TypeScript as a loader makes JavaScript of it */
const TYPESCRIPT = ['tsx-shapes.ts', 'tsx-decorators.ts', 'legacy/decorators.ts', 'legacy/view.tsx'].map(
  (name) => `typescript/${name}`,
);

const turns = nodes().map((node, turn) => ({ ...node, turn }));

// each program on one of them: all on all take minutes
test.each(turns)(
  'what a recording shows equals the inspector, on $version',
  ({ file, version, turn }) => {
    const ofAll = [...PROGRAMS, ...TYPESCRIPT].filter((_, at) => at % turns.length === turn);
    const names = [...ofAll, ...(Number.parseInt(version, 10) >= 24 ? NEW : [])];
    const programs = names.map((name) => path.join('test/oracle/programs', name));
    const args = ['scripts/run.mjs', 'test/oracle/main.ts', ...programs, '--node', file];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect(stdout).toContain(`${names.length} programs: `);
    expect(stdout).toMatch(/ 0 mismatches, \d opaque$/m);
    expect(status, stdout).toBe(0);
  },
  240_000,
);
