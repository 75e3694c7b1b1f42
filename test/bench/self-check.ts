/**
 * `npm run proof:self-check [-- FILE…] [--include GLOB]`: records each program at level light, where the program rolls the
 * control-flow hash itself, and at level full, where the sidecar rolls it over the recorded words; every tick must agree.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { openRecording } from '../../trace-runtime/src/store/recording.ts';

continueInReaderNode();
const root = process.env.HINDCAST_REPOSITORY ?? process.cwd();
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { include: { type: 'string', multiple: true }, json: { type: 'boolean' } },
});
const programs = positionals.length > 0 ? positionals : defaults();

function defaults(): readonly string[] {
  const folder = path.join(root, 'test/oracle/programs');
  return readdirSync(folder)
    .filter((name) => /\.m?js$/.test(name))
    .map((name) => path.join(folder, name));
}

/** Lanes of each tick of each thread, threads in the order in which they began. */
function record(program: string, level: 'light' | 'full', out: string): readonly string[] {
  const includes = (values.include ?? []).flatMap((glob) => ['--include', glob]);
  const command = [
    path.join(root, 'cli/bin/hindcast.cjs'),
    'record',
    '--out',
    path.join(out, level),
    '--level',
    level,
    ...includes,
    '--',
    programNode,
    program,
  ];
  const { stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', timeout: 120_000 });
  const folder = /^recording: (.*)$/m.exec(stderr)?.[1];
  if (!folder) throw new Error(`${program} was not recorded: ${stderr}`);
  const recording = openRecording(folder);
  if (!recording.ok) throw recording.error;
  return recording.value.streams.flatMap((stream) =>
    stream.segments.flatMap(({ footer }) => {
      const ticks = footer?.ticks;
      return ticks ? Array.from(ticks.hashA, (a, i) => `${a} ${ticks.hashB[i]}`) : [];
    }),
  );
}

let ticks = 0;
let equal = 0;
const differing: string[] = [];
for (const program of programs) {
  const out = mkdtempSync(path.join(os.tmpdir(), 'hindcast-self-check-'));
  try {
    const light = record(program, 'light', out);
    const full = record(program, 'full', out);
    const length = Math.max(light.length, full.length);
    const same = Array.from({ length }, (_, i) => light[i] === full[i]).filter(Boolean).length;
    ticks += length;
    equal += same;
    if (same < length) differing.push(`${path.basename(program)}: ${same} of ${length} ticks`);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
for (const line of differing) console.log(`differs  ${line}`);
console.log(`${programs.length} programs: ${equal} of ${ticks} ticks have equal hashes at levels light and full`);
if (values.json) console.log(JSON.stringify({ programs: programs.length, ticks, equal }));
process.exitCode = equal === ticks && ticks > 0 ? 0 : 1;
