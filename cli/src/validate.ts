/** `hindcast validate`: whether what was edited mends what failed. Exits as the verdict says. */
import { usage } from '../../trace-runtime/src/base/errors.ts';
import { findStore, listRecordings } from '../../trace-runtime/src/store/recordings.ts';
import { keep, validateCorpus } from './corpus.ts';
import { flag, parse, type Parsed } from './options.ts';
import { printJson, printLines } from './output.ts';
import { proveSession, VERDICT_CODES, WORST, type Proved } from './prove.ts';
import { openSession } from './session.ts';
import { toJson, toLines } from './validate-view.ts';

const OPTIONS = {
  all: 'flag',
  keep: 'flag',
  expect: 'text',
  junit: 'text',
  'allow-run': 'flag',
  json: 'flag',
  live: 'texts',
  timeout: 'text',
  out: 'text',
  'show-output': 'flag',
} as const;

export async function validate(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, Infinity);
  if (flag(parsed, 'all')) return validateCorpus(parsed);
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
  if (session.recording.manifest.imported === true && !flag(parsed, 'allow-run'))
    throw usage('The recording was imported, and its command runs only with --allow-run.');
  if (flag(parsed, 'keep')) keep(session, parsed);
  return proveSession(session, parsed, signal);
}

/** The latest recording is the one that was recorded last: a rerun of it is none. */
function nameOf(name: string | undefined): string | undefined {
  if (name !== undefined && !name.startsWith('#')) return name;
  const store = findStore(process.cwd());
  const [latest] = store ? listRecordings(store).filter(({ manifest }) => manifest.options['serve'] === undefined) : [];
  return latest ? `${latest.folder}${name ?? ''}` : name;
}
