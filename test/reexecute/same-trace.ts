/** A program recorded fully, and recorded lightly and executed again: where the two traces differ. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import path from 'node:path';
import { materialisedFolder, readVerification, withValues } from '../../trace-runtime/src/store/materialised.ts';
import { openRecording, type Recording } from '../../trace-runtime/src/store/recording.ts';
import { programNode } from '../support/reader-node.ts';
import { eventTexts } from './event-texts.ts';

export interface SameTrace {
  /** compared */
  readonly events: number;
  /** the first place that differs; undefined: there is none */
  readonly other: string | undefined;
}

export interface SameTraceOptions {
  /** the repository */
  readonly root: string;
  readonly cwd: string;
  /** for the recordings */
  readonly scratch: string;
}

const run = promisify(execFile);

/** The program is deterministic: it reads no clock, draws nothing and races with nothing. */
export async function firstOther(command: readonly string[], options: SameTraceOptions): Promise<SameTrace> {
  const full = opened(await record('full', command, options));
  const light = await record('light', command, options);
  await hindcast(['materialise', light, '--again'], options);
  const verification = readVerification(light);
  if (!verification) return { events: 0, other: 'it was not executed again' };
  const [divergence] = verification.divergences;
  if (divergence) return { events: 0, other: `not proven: ${divergence.what}` };
  return compare(full, withValues(opened(light), opened(materialisedFolder(light)), verification));
}

/** Whether two full recordings have the same events. */
export async function isDeterministic(command: readonly string[], options: SameTraceOptions): Promise<boolean> {
  const [a, b] = [await record('full', command, options), await record('full', command, options)];
  return compare(opened(a), opened(b)).other === undefined;
}

function compare(full: Recording, made: Recording): SameTrace {
  if (full.streams.length !== made.streams.length)
    return { events: 0, other: `${full.streams.length} threads and ${made.streams.length}` };
  let events = 0;
  for (const [index, stream] of full.streams.entries()) {
    const was = eventTexts(full, stream, { boundary: true });
    const is = eventTexts(made, made.streams[index]!, { boundary: true });
    events += was.texts.length;
    const length = Math.max(was.texts.length, is.texts.length);
    for (let i = 0; i < length; i++)
      if (was.texts[i] !== is.texts[i])
        return { events, other: `event ${i} of thread ${index + 1}: ${was.texts[i]} | ${is.texts[i]}` };
    const problem = was.problems[0] ?? is.problems[0];
    if (problem !== undefined) return { events, other: problem };
  }
  return { events, other: undefined };
}

async function record(level: string, command: readonly string[], options: SameTraceOptions): Promise<string> {
  const out = path.join(options.scratch, level);
  const stderr = await hindcast(['record', '--level', level, '--out', out, '--', ...command], options);
  const folder = /^recording: (.*)$/m.exec(stderr)?.[1];
  if (folder === undefined) throw new Error(`not recorded: ${stderr.slice(-500)}`);
  return folder;
}

/** What it says on stderr; the program may fail. */
async function hindcast(args: readonly string[], { root, cwd }: SameTraceOptions): Promise<string> {
  const cli = path.join(root, 'cli/bin/hindcast.cjs');
  const ran = run(programNode, [cli, ...args], { cwd, encoding: 'utf8', maxBuffer: Infinity });
  ran.child.stdin?.end();
  return ran.then(
    ({ stderr }) => stderr,
    (error: { readonly stderr?: string }) => error.stderr ?? '',
  );
}

function opened(folder: string): Recording {
  const recording = openRecording(folder);
  if (!recording.ok) throw new Error(recording.error.message);
  return recording.value;
}
