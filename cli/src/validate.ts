/** `hindcast validate`: whether what was edited mends what failed. Exits as the verdict says. */
import path from 'node:path';
import { noFailure, usage } from '../../trace-runtime/src/base/errors.ts';
import { LIVE_KINDS, type LiveKind } from '../../trace-runtime/src/model/recorded-world.ts';
import type { Failure } from '../../trace-runtime/src/query/failures.ts';
import { validate as prove, type Validation } from '../../trace-runtime/src/rerun/validate.ts';
import type { VerdictName } from '../../trace-runtime/src/rerun/verdict.ts';
import { defaultStore, findStore, listRecordings } from '../../trace-runtime/src/store/recordings.ts';
import { finishSidecar } from './collector-process.ts';
import { findInstallation } from './installation.ts';
import { flag, parse, text, texts, type Parsed } from './options.ts';
import { printJson, printLines } from './output.ts';
import { openSession, type Session } from './session.ts';
import { toJson, toLines } from './validate-view.ts';

const OPTIONS = {
  json: 'flag',
  live: 'texts',
  timeout: 'text',
  out: 'text',
  'show-output': 'flag',
} as const;

export const VERDICT_CODES: Readonly<Record<VerdictName, number>> = {
  fixed: 0,
  'still-failing': 1,
  'different-failure': 2,
  inconclusive: 3,
};

/** Of several that are not as expected, the worst: the first of these. */
const WORST = [4, 2, 1, 3, 0];

export interface Proved {
  readonly session: Session;
  readonly validation: Validation;
}

export async function validate(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, Infinity);
  const names = parsed.positionals.length > 0 ? parsed.positionals : [undefined];
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const codes: number[] = [];
  try {
    const proved: Proved[] = [];
    for (const name of names) {
      const each = await proveOne(name, parsed, stopping.signal);
      proved.push(each);
      codes.push(VERDICT_CODES[each.validation.verdict]);
      if (!flag(parsed, 'json')) printLines([...(proved.length > 1 ? [''] : []), ...toLines(each)]);
    }
    if (flag(parsed, 'json')) {
      const [first] = proved;
      if (proved.length === 1 && first) printJson(toJson(first));
      else printJson({ validations: proved.map(toJson) });
    }
  } catch (error) {
    if (stopping.signal.aborted) return 130;
    throw error;
  }
  return WORST.find((code) => codes.includes(code)) ?? 0;
}

async function proveOne(name: string | undefined, parsed: Parsed, signal: AbortSignal): Promise<Proved> {
  const session = await openSession(nameOf(name));
  const failures = distinct(session.failures().map(({ failure }) => failure));
  if (failures.length === 0) throw noFailure(session.recording.folder);
  const installation = findInstallation();
  const { recording } = session;
  const { cache } = recording.manifest.options;
  const out = text(parsed, 'out');
  const store = out === undefined ? defaultStore(recording.manifest.cwd) : path.resolve(out);
  const validation = await prove(
    { recording, failures },
    {
      record: [process.execPath, path.join(__dirname, 'record.cjs'), 'record'],
      own: [installation.runtime, store, ...(typeof cache === 'string' ? [cache] : [])],
      live: liveKinds(parsed),
      timeout: timeoutOf(parsed),
      out: out === undefined ? undefined : store,
      shows: flag(parsed, 'show-output'),
      signal,
      compares: true,
      finish: (folder) => finishSidecar(folder, installation),
    },
    teller(),
  );
  return { session, validation };
}

/** Each failure once; what a person marked is none that a rerun can show. */
function distinct(failures: readonly Failure[]): readonly Failure[] {
  const known = new Set<string>();
  return failures.filter(({ kind, identity }) => {
    if (kind === 'marked' || known.has(identity)) return false;
    known.add(identity);
    return true;
  });
}

/** The latest recording is the one that was recorded last: a rerun of it is none. */
function nameOf(name: string | undefined): string | undefined {
  if (name !== undefined && !name.startsWith('#')) return name;
  const store = findStore(process.cwd());
  const [latest] = store ? listRecordings(store).filter(({ manifest }) => manifest.options['serve'] === undefined) : [];
  return latest ? `${latest.folder}${name ?? ''}` : name;
}

function liveKinds(parsed: Parsed): readonly LiveKind[] {
  return texts(parsed, 'live').map((name) => {
    const kind = LIVE_KINDS.find((each) => each === name);
    if (!kind) throw usage(`--live is one of ${LIVE_KINDS.join(', ')}, not ${name}.`);
    return kind;
  });
}

function timeoutOf(parsed: Parsed): number | undefined {
  const given = text(parsed, 'timeout');
  if (given === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(given);
  if (!match || Number(match[1]) === 0) throw usage(`--timeout takes a time such as 30s or 5m, not ${given}.`);
  return Number(match[1]) * (match[2] === 'm' ? 60_000 : 1000);
}

/** Tells a person at a terminal what it does. */
function teller(): (doing: string) => void {
  if (!process.stderr.isTTY) return () => undefined;
  process.once('exit', () => process.stderr.write('\r\u001b[K'));
  return (doing) => process.stderr.write(`\r\u001b[K${doing} …`);
}
