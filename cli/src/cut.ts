/** `hindcast cut`: a finished recording of what a recording that grows holds now. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inputOutput, usage } from '../../trace-runtime/src/base/errors.ts';
import { readManifest } from '../../trace-runtime/src/store/manifest.ts';
import { FILE_MODE } from '../../trace-runtime/src/store/recording-paths.ts';
import { findRecording, findStore, isGrowing, listManifests } from '../../trace-runtime/src/store/recordings.ts';
import { wakeSidecar } from '../../trace-runtime/src/wire/sidecar-lock.ts';
import { CUT_DONE_FILE, CUT_FILE } from '../../trace-runtime/src/wire/spool.ts';
import { flag, parse } from './options.ts';
import { printJson, printLines } from './output.ts';

const LOOK_MS = 20;
const PATIENCE_MS = 30_000;

export async function cut(args: readonly string[]): Promise<number> {
  const parsed = parse(args, { json: 'flag' }, 1);
  const recording = findGrowing(parsed.positionals[0]);
  const folder = await ask(recording);
  if (flag(parsed, 'json')) printJson({ recording: folder, of: recording });
  else printLines([`recording: ${folder}`]);
  return 0;
}

function findGrowing(name: string | undefined): string {
  const cwd = process.cwd();
  if (name === undefined) {
    const store = findStore(cwd);
    const found = (store === undefined ? [] : listManifests(store)).find(({ manifest }) => isGrowing(manifest));
    if (!found) throw usage('Nothing is being recorded here.');
    return found.folder;
  }
  const found = findRecording(name, cwd);
  if (!found.ok) throw found.error;
  const manifest = readManifest(found.value);
  if (!manifest.ok) throw manifest.error;
  if (!isGrowing(manifest.value)) throw usage(`${name} is finished: it needs no cut.`);
  return found.value;
}

/** The sidecar cuts, for it writes the segments. */
async function ask(recording: string): Promise<string> {
  const [asked, done] = [path.join(recording, CUT_FILE), path.join(recording, 'spool', CUT_DONE_FILE)];
  const token = `${process.pid}-${Date.now()}`;
  const until = Date.now() + PATIENCE_MS;
  while (existsSync(asked) && Date.now() < until) await pause(LOOK_MS);
  writeFileSync(`${asked}.new`, JSON.stringify({ token }), { mode: FILE_MODE });
  renameSync(`${asked}.new`, asked);
  wakeSidecar(recording);
  while (Date.now() < until) {
    const answer = answerIn(done);
    if (answer?.token === token) {
      if (answer.folder !== undefined) return answer.folder;
      throw inputOutput(`cut ${recording}`, new Error(answer.error));
    }
    await pause(LOOK_MS);
  }
  throw inputOutput(`cut ${recording}`, new Error('its collector did not answer'));
}

interface Answer {
  readonly token?: string;
  readonly folder?: string;
  readonly error?: string;
}

function answerIn(file: string): Answer | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Answer;
  } catch {
    return undefined;
  }
}
