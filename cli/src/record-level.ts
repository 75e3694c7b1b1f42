/**
 * How fully a command is recorded with `--level auto`: light, unless the program's text shows that it cannot be executed again,
 * or an earlier run of the same command in the same store did. Then fully from its start, and the ledger says why.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { http2In } from './code-look.ts';
import { readLedger } from '../../trace-runtime/src/store/ledger.ts';
import { readManifest, type Manifest } from '../../trace-runtime/src/store/manifest.ts';
import { NOT_EXECUTABLE, readVerification } from '../../trace-runtime/src/store/materialised.ts';

export interface ChosenLevel {
  readonly level: 'light' | 'full';
  /** why it is recorded fully although `auto` was asked for */
  readonly because?: string;
  /** the text of the program says so, now */
  readonly byText?: true;
}

/** `store`: the folder of recordings. Looks at the latest run of the command there that was recorded with `auto`. */
export function chooseLevel(store: string, command: readonly string[], cwd: string): ChosenLevel {
  const file = http2In(command, cwd);
  if (file !== undefined) return { level: 'full', because: `HTTP/2: ${file} ${USES_HTTP2}`, byText: true };
  const latest = latestOf(store, command, cwd);
  if (!latest) return { level: 'light' };
  const { because: before, byText } = latest.manifest.options;
  const because = (byText === true ? undefined : before) ?? whyNot(latest.folder);
  return typeof because === 'string' ? { level: 'full', because } : { level: 'light' };
}

const USES_HTTP2 =
  'makes a server or a client of it, whose frames are read inside Node and are not kept at level light';

interface Found {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Looks through so many recordings, so that a large store delays nothing. */
const MOST = 50;

function latestOf(store: string, command: readonly string[], cwd: string): Found | undefined {
  if (!existsSync(store)) return undefined;
  // ids sort by time
  const names = readdirSync(store).sort().slice(-MOST).reverse();
  for (const name of names) {
    const folder = path.join(store, name);
    const manifest = readManifest(folder);
    if (!manifest.ok) continue;
    const { value } = manifest;
    if (value.options['auto'] === true && value.cwd === cwd && isSame(value.command, command))
      return { folder, manifest: value };
  }
  return undefined;
}

function whyNot(folder: string): string | undefined {
  const noted = readLedger(folder).find(({ kind }) => kind === NOT_EXECUTABLE);
  if (noted) return `${noted.subject}: ${noted.reason}`;
  const [divergence] = readVerification(folder)?.divergences ?? [];
  return divergence && `an earlier run of it, executed again, went another way: ${divergence.what}`;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}
