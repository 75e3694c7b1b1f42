/** `hindcast validate`: whether what was edited mends what failed. Exits as the verdict says. */
import { isKept } from '../../trace-runtime/src/rerun/kept-failure.ts';
import { keep, validateCorpus } from './corpus.ts';
import { displayPath } from './display-place.ts';
import { flag, parse, type Parsed } from './options.ts';
import { printJson, printLines } from './output.ts';
import {
  checkMayRun,
  latestRecorded,
  proveSession,
  RERUN_OPTIONS,
  untilEnded,
  VERDICT_CODES,
  WORST,
  type Proved,
} from './prove.ts';
import { openSession } from './session.ts';
import { toJson, toLines } from './validate-view.ts';

const OPTIONS = {
  all: 'flag',
  keep: 'flag',
  expect: 'text',
  junit: 'text',
  json: 'flag',
  ...RERUN_OPTIONS,
} as const;

export async function validate(args: readonly string[]): Promise<number> {
  const parsed = parse(args, OPTIONS, Infinity);
  if (flag(parsed, 'all') || parsed.positionals.some(isKept)) return validateCorpus(parsed);
  const names = parsed.positionals.length > 0 ? parsed.positionals : [undefined];
  return untilEnded((signal) => proveAll(names, parsed, signal));
}

async function proveAll(names: readonly (string | undefined)[], parsed: Parsed, signal: AbortSignal): Promise<number> {
  const proved: Proved[] = [];
  for (const name of names) {
    const each = await proveOne(name, parsed, signal);
    proved.push(each);
    if (!flag(parsed, 'json')) printLines([...(proved.length > 1 ? [''] : []), ...toLines(each)]);
  }
  if (flag(parsed, 'json')) {
    const [first] = proved;
    if (proved.length === 1 && first) printJson(toJson(first));
    else printJson({ validations: proved.map(toJson) });
  }
  const codes = proved.map(({ validation }) => VERDICT_CODES[validation.verdict]);
  return WORST.find((code) => codes.includes(code)) ?? 0;
}

async function proveOne(name: string | undefined, parsed: Parsed, signal: AbortSignal): Promise<Proved> {
  const session = await openSession(latestRecorded(name));
  checkMayRun(session, parsed);
  if (flag(parsed, 'keep')) process.stderr.write(`kept: ${displayPath(keep(session, parsed).folder)}\n`);
  return proveSession(session, parsed, { signal });
}
