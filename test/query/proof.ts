/**
 * `npm run proof:walks [-- FILE…]`: records each program, the oracle's where none is given, and walks through the
 * recording at random: 110 walks a program, over 10,000 in all. With `HINDCAST_INDEXES=small` each through an index.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openTimeline } from '../../trace-runtime/src/query/open-timeline.ts';
import { openStream } from '../../trace-runtime/src/query/replay.ts';
import { Timeline } from '../../trace-runtime/src/query/timeline.ts';
import { openRecording } from '../../trace-runtime/src/store/recording.ts';
import { openWords } from '../../trace-runtime/src/store/stream.ts';
import { findRecording } from '../bench/run.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { randomWalks } from './walks.ts';

continueInReaderNode();
const WALKS = 110;
const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const programs = path.join(repository, 'test/oracle/programs');
const given = process.argv.slice(2).map((file) => path.resolve(file));
const files = given.length > 0 ? given : readdirSync(programs).filter((name) => /\.m?js$/.test(name));
const folder = mkdtempSync(path.join(os.tmpdir(), 'hindcast-walks-'));
const sum = { programs: 0, walks: 0, into: 0, over: 0, faults: 0 };
for (const file of files) {
  const out = path.join(folder, path.basename(file));
  const command = [path.join(repository, 'cli/bin/hindcast.cjs'), 'record', '--out', out, '--', programNode, file];
  spawnSync(programNode, command, { cwd: programs, stdio: 'ignore', timeout: 120_000 });
  const opened = openRecording(findRecording(out));
  if (!opened.ok) throw opened.error;
  const { streams, table, source } = opened.value;
  const largest = streams.toSorted((a, b) => b.words - a.words)[0]!;
  const made = (): Timeline =>
    process.env['HINDCAST_INDEXES'] === undefined
      ? new Timeline(openStream(openWords(largest.segments), table, source), { steps: 500 }).readAll()
      : openTimeline(opened.value, streams.indexOf(largest) + 1).readAll();
  // the second one opens the index that the first has made
  made();
  const timeline = made();
  const { walks, into, over, faults } = randomWalks(timeline, WALKS, 11, timeline.end!.moment < 20_000);
  sum.programs++;
  sum.walks += walks;
  sum.into += into;
  sum.over += over;
  sum.faults += faults.length;
  for (const fault of faults.slice(0, 3)) console.log(`${path.basename(file)}: ${fault}`);
  rmSync(out, { recursive: true, force: true });
}
rmSync(folder, { recursive: true, force: true });
console.log(
  `${sum.programs} programs: ${sum.walks} walks, ${sum.into} times stepIn and back, ${sum.over} times next and back, ${sum.faults} faults`,
);
process.exitCode = sum.faults > 0 ? 1 : 0;
