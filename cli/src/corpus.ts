/** `hindcast validate --all`: every failure of the corpus against its expected verdict; `--keep`: puts one in. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { HindcastError, inputOutput, usage } from '../../trace-runtime/src/base/errors.ts';
import {
  corpusHome,
  keepFailure,
  listCorpus,
  openKept,
  type CorpusEntry,
} from '../../trace-runtime/src/rerun/corpus.ts';
import { VERDICTS, type VerdictName } from '../../trace-runtime/src/rerun/verdict.ts';
import { displayPath } from './display-place.ts';
import { flag, oneOf, text, type Parsed } from './options.ts';
import { plural, printJson, printLines } from './output.ts';
import { Session } from './session.ts';
import { endedBySignals, failuresOf, proveSession, VERDICT_CODES, WORST, type Proved } from './prove.ts';
import { toJson, toLines } from './validate-view.ts';

/** One entry, proved or not. */
export interface CorpusResult {
  readonly entry: CorpusEntry;
  readonly verdict: VerdictName | undefined;
  readonly proved: Proved | undefined;
  /** why there is no verdict */
  readonly fault: string | undefined;
  readonly isExpected: boolean;
  readonly milliseconds: number;
}

/** Keeps what the session names: its case, or its first failure. */
export function keep(session: Session, parsed: Parsed): CorpusEntry {
  const [failure] = failuresOf(session);
  if (!failure) throw session.nothingFailed();
  const expected = oneOf(parsed, 'expect', VERDICTS) ?? 'fixed';
  const home = corpusHome(session.recording.manifest.cwd);
  try {
    return keepFailure(home, session.recording, failure, expected);
  } catch (error) {
    throw error instanceof HindcastError ? error : inputOutput(`keep the failure in ${home}`, error);
  }
}

/** All of the corpus, or those of its folders that are named. */
export async function validateCorpus(parsed: Parsed): Promise<number> {
  const named = parsed.positionals.map((name) => path.resolve(name));
  if (named.length > 0 && flag(parsed, 'all'))
    throw usage('--all takes no recordings: it validates those of the corpus.');
  const home = corpusHome(named[0] ?? process.cwd());
  const entries = listCorpus(home).filter(({ folder }) => named.length === 0 || named.includes(folder));
  const strange = named.find((name) => !entries.some(({ folder }) => folder === name));
  if (strange !== undefined)
    throw usage(`${displayPath(strange)} is not in the corpus of ${displayPath(home) || '.'}.`);
  const signal = endedBySignals();
  const isJson = flag(parsed, 'json');
  const results: CorpusResult[] = [];
  for (const entry of entries) {
    const result = await proveEntry(entry, home, parsed, signal);
    if (signal.aborted) return 130;
    results.push(result);
    if (!isJson) printLines(linesOf(result));
  }
  const junit = text(parsed, 'junit');
  if (junit !== undefined) writeJunit(path.resolve(junit), results);
  const expected = results.filter(({ isExpected }) => isExpected).length;
  if (isJson) printJson({ home, expected, entries: results.map(jsonOf) });
  else printLines([summary(results.length, expected)]);
  const codes = results.filter(({ isExpected }) => !isExpected).map(codeOf);
  return WORST.find((code) => codes.includes(code)) ?? 0;
}

async function proveEntry(
  entry: CorpusEntry,
  home: string,
  parsed: Parsed,
  signal: AbortSignal,
): Promise<CorpusResult> {
  const before = performance.now();
  const store = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hindcast-corpus-')));
  const base = { entry, proved: undefined, fault: undefined, verdict: undefined, isExpected: false };
  try {
    const session = new Session(openKept(entry, home, store), entry.facts.case ?? undefined);
    const proved = await proveSession(session, parsed, { signal });
    const { verdict } = proved.validation;
    return {
      ...base,
      proved,
      verdict,
      isExpected: verdict === entry.facts.expected,
      milliseconds: performance.now() - before,
    };
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { ...base, fault, milliseconds: performance.now() - before };
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}

/** As of one validation; an entry without a verdict is an error of its input. */
function codeOf({ verdict }: CorpusResult): number {
  if (verdict === undefined) return 4;
  return verdict === 'fixed' ? VERDICT_CODES.inconclusive : VERDICT_CODES[verdict];
}

function linesOf({ entry, proved, fault, isExpected, verdict }: CorpusResult): readonly string[] {
  const name = displayPath(entry.folder);
  if (isExpected) return [`ok      ${name}: ${verdict}`];
  const why = proved ? toLines(proved).map((line) => `  ${line}`) : [`  ${fault}`];
  return [`not ok  ${name}: ${verdict ?? 'no verdict'}, expected ${entry.facts.expected}`, ...why];
}

function summary(count: number, expected: number): string {
  if (count === 0) return 'The corpus is empty. `hindcast validate --keep` keeps a failure in it.';
  if (count === expected) return `${plural(count, 'failure')}, all as expected`;
  return `${plural(count, 'failure')}, ${count - expected} not as expected`;
}

function jsonOf({ entry, proved, fault, isExpected, verdict }: CorpusResult) {
  const { name, expected } = entry.facts;
  return {
    folder: entry.folder,
    name,
    expected,
    verdict: verdict ?? null,
    isExpected,
    fault: fault ?? null,
    validation: proved ? toJson(proved) : null,
  };
}

/** A report as CI systems read it. */
function writeJunit(file: string, results: readonly CorpusResult[]): void {
  const failed = results.filter(({ isExpected }) => !isExpected).length;
  const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);
  const total = seconds(results.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
  const cases = results.map(({ entry, proved, fault, isExpected, verdict, milliseconds }) => {
    const head = `<testcase classname="hindcast.corpus" name="${escaped(entry.facts.name)}" time="${seconds(milliseconds)}"`;
    if (isExpected) return `  ${head}/>`;
    const message = escaped(`${verdict ?? 'no verdict'}, expected ${entry.facts.expected}`);
    const details = escaped(proved ? toLines(proved).join('\n') : (fault ?? ''));
    return `  ${head}>\n    <failure message="${message}">${details}</failure>\n  </testcase>`;
  });
  const suite = `<testsuite name="hindcast corpus" tests="${results.length}" failures="${failed}" time="${total}">`;
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', suite, ...cases, '</testsuite>', ''];
  try {
    writeFileSync(file, lines.join('\n'));
  } catch (error) {
    throw inputOutput(`write ${file}`, error);
  }
}

function escaped(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
}
