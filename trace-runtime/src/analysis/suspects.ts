/**
 * Suspects: the lines of the program that are likely to have made a case fail, the likeliest first, each with what speaks
 * for it. The evidence: which cases ran it (spectra.ts), and which small changes of it make the recorded case pass, while
 * passing cases stay so (trials.ts; mutation-based fault localisation, Moon et al. 2014, Papadakis and Le Traon 2015).
 * Nothing here is called the cause: no rerun has confirmed it.
 */
import { cutCode } from './cut-code.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import type { Ranged } from '../evaluate/parsed-source.ts';
import type { Sandbox } from '../evaluate/sandbox.ts';
import type { Activation, LoadedFile } from '../query/activation.ts';
import type { Failure } from '../query/failures.ts';
import type { Moment } from '../query/moments.ts';
import type { StreamReplay } from '../query/replay.ts';
import type { CaseFacts } from '../query/stream-state.ts';
import { Outcome as CaseOutcome } from '../wire/words.ts';
import { LineMap } from '../query/places.ts';
import type { OriginalText } from '../query/original-text.ts';
import { alternatives, type Alternative } from './alternatives.ts';
import type { Failed } from './culprit.ts';
import { evidenceOf, SeenTypes } from './evidence.ts';
import { Invariants, type Broken } from './invariants.ts';
import { mayHaveRun, ochiai, ranIn, tarantula, type Ran } from './spectra.ts';
import type { Traced, Work } from './traced.ts';
import { unreadableFile, type UnreadableFile } from './unreadable.ts';
import { tryChanges, type Change, type TrialCase, type Tried, type Trials } from './trials.ts';

export interface Suspect {
  readonly file: LoadedFile;
  /** line of the source that was recorded, from 1 */
  readonly line: number;
  /** offset of the change, else of the line's first statement that ran */
  readonly offset: number;
  readonly text: string;
  /** before it ran last in the failing case, where that is known */
  readonly moment: Moment | undefined;
  readonly score: number;
  readonly sentence: string;
  readonly spectrum: Spectrum;
  /** what held there in passing cases, and not in the failing one */
  readonly broken: Broken | undefined;
  /** the change of it that did most */
  readonly change: TriedChange | undefined;
  /** changes of it that were not tried, the likeliest first */
  readonly untried: readonly Alternative[];
}

export interface Spectrum {
  /** failing and passing cases that ran it */
  readonly failing: number;
  readonly passing: number;
  readonly ochiai: number;
  readonly tarantula: number;
}

export interface TriedChange {
  readonly was: string;
  readonly is: string;
  readonly fixed: number;
  readonly broken: number;
  /** changes of the line that made all failing cases pass and kept all passing ones */
  readonly others: number;
  /** what is replaced in the recorded text by `is`, by offsets: `was`, and its copies that are changed with it */
  readonly places: readonly { readonly from: number; readonly to: number }[];
}

export interface Suspects {
  /** the file that could not be loaded; it is the likeliest then, and none of the list's */
  readonly unreadable: UnreadableFile | undefined;
  readonly list: readonly Suspect[];
  readonly failing: number;
  readonly passing: number;
  readonly trials: Pick<Trials, 'failing' | 'passing' | 'fault' | 'left'> & { readonly changes: number };
}

export interface SuspectsAsked {
  /** the one asked about first */
  readonly failing: readonly TrialCase[];
  readonly passing: readonly TrialCase[];
  readonly unreadable?: UnreadableFile | undefined;
  /** what failed in the one asked about first; undefined where that is not known */
  readonly failed?: Failed | undefined;
  /** what ran in passing cases of other recordings */
  readonly against?: readonly ReadonlyMap<string, Ran>[];
  /** undefined where no code may run: then nothing is tried */
  readonly running: { readonly evaluator: Evaluator; readonly sandbox: Sandbox } | undefined;
  readonly milliseconds?: number;
}

/** The cases of a stream around a failure: what failed and passed beside it. Without cases, the stream as a whole failed. */
export function casesAround(
  traced: Traced,
  failure: Failure,
): Pick<SuspectsAsked, 'failing' | 'passing' | 'unreadable' | 'failed'> {
  const { replay } = traced.timeline;
  const inner = innerCases(traced.timeline.replay);
  const own = failure.case && inner.find(({ id, first }) => id === failure.case!.id && first === failure.case!.first);
  // what is marked wrong says nothing of what else failed, and the case that it is in may have passed
  const alike = failure.mark ? [] : replay.failures.list;
  const others = alike.flatMap(({ case: facts, moment, type }) =>
    facts && inner.includes(facts) && facts !== own ? [trialCase(traced, facts, { moment, type })] : [],
  );
  const whole = { first: 0, last: endOf(traced), failedAt: failure.moment, error: failure.type, path: undefined };
  return {
    failing: own ? [trialCase(traced, own, failure), ...others] : [whole],
    passing: passingCases(traced).filter(({ first }) => first !== own?.first),
    unreadable: unreadableFile(traced, failure),
    failed: { ...failure, marked: failure.mark?.expression },
  };
}

export function passingCases(traced: Traced): readonly TrialCase[] {
  return innerCases(traced.timeline.replay)
    .filter(({ outcome }) => outcome === CaseOutcome.passed)
    .map((facts) => trialCase(traced, facts, undefined));
}

/** Type of the failure of what did not end. */
export const UNFINISHED = 'Unfinished';

/** A case that was still running when the stream was cut off: it hung, or the program was ended. */
export function unfinishedCase(end: StreamReplay): Failure | undefined {
  if (end.exitCode !== undefined) return undefined;
  const facts = innerCases(end).findLast(({ last }) => last === undefined);
  if (!facts) return undefined;
  return {
    kind: 'case',
    type: UNFINISHED,
    message: 'It had not ended when the program was ended.',
    stackText: '',
    value: undefined,
    moment: end.moment,
    frames: [],
    case: facts,
    identity: ['unfinished', facts.name].join('|'),
  };
}

/** Without those that have cases in them. */
function innerCases(replay: StreamReplay): readonly CaseFacts[] {
  return replay.cases.filter(({ id }) => !replay.cases.some(({ parent }) => parent === id));
}

function trialCase(
  traced: Traced,
  { first, last, file }: CaseFacts,
  failure: Pick<Failure, 'moment' | 'type'> | undefined,
): TrialCase {
  const endless = last === undefined;
  const failedAt = failure?.moment;
  const error = endless ? undefined : failure?.type;
  // what it ran last needed no event
  return { first, last: last ?? endOf(traced) + 1, failedAt, error, path: file || undefined, endless };
}

function endOf({ timeline: { replay, end } }: Pick<Traced, 'timeline'>): Moment {
  return end?.moment ?? replay.moment;
}

/** What a line gains that handed the wrong value on, and one that what was marked wrong depends on otherwise. */
const ON_CHAIN = 0.1;
const IN_SLICE = 0.05;
/** How much sooner its changes are tried. */
const FIRST = 1;
const MILLISECONDS = 1800;
/** Passing cases whose statements are looked at; of a large suite, those nearest to the failing one. */
const CASES = 100;

export function* suspects(traced: Traced, asked: SuspectsAsked): Work<Suspects> {
  const { failing, running } = asked;
  const passing = nearest(asked.passing, failing[0]);
  const ranFailing: ReadonlyMap<string, Ran>[] = [];
  const ranPassing: ReadonlyMap<string, Ran>[] = [];
  const types = new SeenTypes();
  const invariants = new Invariants(traced);
  for (const each of passing) ranPassing.push(yield* ranIn(traced, each, invariants.learn));
  const look = (activation: Activation, op: number): void => {
    types.look(activation, op);
    invariants.check(activation, op);
  };
  for (const each of failing.slice(0, CASES))
    ranFailing.push(yield* ranIn(traced, upToFailure(each), each === failing[0] ? look : undefined));
  if (failing[0]?.endless) ranFailing[0] = new Map([...mayHaveRun(traced, endOf(traced)), ...ranFailing[0]!]);
  ranPassing.push(...(asked.against ?? []));

  const lines = new Lines(traced);
  for (const ran of ranFailing) lines.add(ran, 'failing');
  for (const ran of ranPassing) lines.add(ran, 'passing');
  const isTest = testFiles(failing, ranFailing);
  const candidates = lines.list.filter(({ failing: count, file, number }) => count > 0 && number > 0 && !isTest(file));
  const counts = { failing: ranFailing.length, passing: ranPassing.length };
  const spectrumOf = (line: Line): Spectrum => ({
    failing: line.failing,
    passing: line.passing,
    ochiai: ochiai(line.failing, line.passing, counts.failing),
    tarantula: tarantula(line.failing, line.passing, counts.failing, counts.passing),
  });

  const broken = new Map<Line, Broken>();
  for (const each of invariants.broken) {
    const line = lines.at(each.file, each.file.code.start[each.op]!);
    if ((broken.get(line)?.confidence ?? 0) < each.confidence) broken.set(line, each);
  }
  const isMarked = asked.failed?.marked !== undefined;
  const evidence = yield* evidenceOf(traced, asked.failed);
  const inSlice = new Set(evidence.slice.map(({ file, start }) => lines.at(file, start)));
  const hops = evidence.hops.map(({ file, start }) => lines.at(file, start));
  // what one stood before when marking a value has not run
  const onChain = new Set(isMarked ? hops.filter((line) => inSlice.has(line)) : hops);
  const changes = changesOf(traced, candidates, {
    // of a large program the time suffices for few changes
    weigh: (line) => spectrumOf(line).ochiai + (onChain.has(line) ? FIRST : 0),
    judge: (each, file) => types.judge(file, each) * evidence.judge(each),
  });
  const fault = isMarked && running ? 'What was marked wrong shows only in a rerun.' : undefined;
  const trials: Trials =
    running && !isMarked
      ? yield* tryChanges(
          traced,
          changes,
          { failing, passing },
          { ...running, milliseconds: asked.milliseconds ?? MILLISECONDS },
        )
      : { tried: [], failing: 0, passing: 0, fault, left: changes.length };

  const best = new Map<Line, Judged>();
  for (const one of trials.tried) {
    const line = lines.at(one.change.file, one.change.from);
    const quality = qualityOf(one, trials);
    const known = best.get(line);
    const plausible = (known?.plausible ?? 0) + (isPlausible(one, trials) ? 1 : 0);
    best.set(line, known && known.quality >= quality ? { ...known, plausible } : { one, quality, plausible });
  }
  for (const line of best.keys()) if (line.number > 0 && !candidates.includes(line)) candidates.push(line);
  const untried = untriedOf(lines, changes, trials);
  const list = candidates.map((line): Suspect => {
    const judged = best.get(line);
    const spectrum = spectrumOf(line);
    const bonus = judged ? judged.quality + 0.03 * Math.log2(1 + judged.plausible) : 0;
    const change = judged && changeOf(traced, judged);
    return {
      file: line.file,
      line: line.number,
      offset: judged ? judged.one.change.from : line.offset,
      text: line.text,
      moment: line.moment,
      score: bonus + 0.15 * spectrum.ochiai + (onChain.has(line) ? ON_CHAIN : inSlice.has(line) ? IN_SLICE : 0),
      sentence: sentenceOf(change, spectrum, counts, trials, inSlice.has(line)),
      broken: broken.get(line),
      spectrum,
      change,
      untried: untried.get(line) ?? [],
    };
  });
  // of equal ones first where something does not hold that held in the passing cases, which shows there and began before;
  // then the later line: what a function gives in the end is nearer to what was wrong
  const sureness = (one: Suspect): number => one.broken?.confidence ?? 0;
  list.sort((a, b) => b.score - a.score || sureness(b) - sureness(a) || b.line - a.line);
  const { left } = trials;
  return {
    unreadable: asked.unreadable,
    list,
    ...counts,
    trials: {
      failing: trials.failing,
      passing: trials.passing,
      fault: trials.fault,
      left,
      changes: running ? changes.length - left : 0,
    },
  };
}

const UNTRIED = 12;

/** Where no case could be made again, or the time did not suffice. */
function untriedOf(
  lines: Lines,
  changes: readonly Change[],
  { fault, left }: Trials,
): ReadonlyMap<Line, readonly Alternative[]> {
  const found = new Map<Line, Alternative[]>();
  for (const change of fault === undefined ? changes.slice(changes.length - left) : changes) {
    const line = lines.at(change.file, change.from);
    const list = found.get(line) ?? [];
    if (list.push(change) === 1) found.set(line, list);
    if (list.length > UNTRIED) list.pop();
  }
  return found;
}

interface Judged {
  readonly one: Tried;
  readonly quality: number;
  readonly plausible: number;
}

function isPlausible({ fixed, broken }: Tried, trials: Trials): boolean {
  return fixed === trials.failing && broken === 0;
}

/** From 0 to 2: above 1 where all that failed passes, and all that passed still does. */
function qualityOf(one: Tried, trials: Trials): number {
  const { weight } = one.change;
  if (isPlausible(one, trials)) return 1 + weight;
  const share = trials.passing === 0 ? 0 : one.broken / trials.passing;
  return 0.6 * weight * (one.fixed / trials.failing) ** 2 * (1 - share);
}

/** What runs after the failure has not made it. */
function upToFailure({ first, last, failedAt }: TrialCase): TrialCase {
  return { first, last: failedAt === undefined ? last : Math.max(first, failedAt) + 1, failedAt, path: undefined };
}

function nearest(passing: readonly TrialCase[], asked: TrialCase | undefined): readonly TrialCase[] {
  const distance = ({ first }: TrialCase): number => Math.abs(first - (asked?.first ?? 0));
  return passing.toSorted((a, b) => distance(a) - distance(b)).slice(0, CASES);
}

/** Tests are not suspected while they test something else; dependencies never are. */
function testFiles(
  failing: readonly TrialCase[],
  ran: readonly ReadonlyMap<string, Ran>[],
): (file: LoadedFile) => boolean {
  const paths = new Set(failing.map(({ path }) => path));
  const isForeign = ({ path }: LoadedFile): boolean => /[\\/]node_modules[\\/]/.test(path);
  const isOther = ({ file }: Ran): boolean => !paths.has(file.path) && !isForeign(file);
  const hasOther = ran.some((each) => [...each.values()].some(isOther));
  return (file) => isForeign(file) || (hasOther && paths.has(file.path));
}

interface Line {
  readonly file: LoadedFile;
  readonly number: number;
  readonly text: string;
  readonly offset: number;
  moment: Moment | undefined;
  failing: number;
  passing: number;
  /** statements of it that ran in a failing case */
  readonly statements: Ran[];
}

/** Lines of sources, by what ran in them. */
class Lines {
  private readonly byKey = new Map<string, Line>();
  private readonly maps = new Map<string, LineMap>();

  constructor(private readonly traced: Traced) {}

  get list(): Line[] {
    return [...this.byKey.values()];
  }

  /** Counts a case for each line that it ran. */
  add(ran: ReadonlyMap<string, Ran>, kind: 'failing' | 'passing'): void {
    const counted = new Set<Line>();
    for (const statement of ran.values()) {
      const line = this.at(statement.file, statement.start);
      if (kind === 'failing') {
        line.statements.push(statement);
        line.moment ??= statement.moment;
      }
      if (!counted.has(line)) line[kind]++;
      counted.add(line);
    }
  }

  at(file: LoadedFile, offset: number): Line {
    let map = this.maps.get(file.hash);
    const source = this.traced.sources.text(file) ?? '';
    if (!map) this.maps.set(file.hash, (map = new LineMap(source)));
    const { line: number, column } = map.place(offset);
    const original = this.traced.sources.of(file)?.original;
    if (original) return this.writtenAt(file, offset, original);
    const key = `${file.hash}:${number}`;
    let line = this.byKey.get(key);
    if (!line) {
      const from = offset - column + 1;
      const text = /^.*/.exec(source.slice(from, from + 500))![0].trim();
      line = { file, number, text, offset, moment: undefined, failing: 0, passing: 0, statements: [] };
      this.byKey.set(key, line);
    }
    return line;
  }

  /** Of what was made from other sources: their lines, and one of all that the compiler put in. */
  private writtenAt(file: LoadedFile, offset: number, original: OriginalText): Line {
    const { source = '', line: number = 0, text = '' } = original.line(offset) ?? {};
    const key = `${file.hash}:${source}:${number}`;
    let line = this.byKey.get(key);
    if (!line) {
      line = { file, number, text, offset, moment: undefined, failing: 0, passing: 0, statements: [] };
      this.byKey.set(key, line);
    }
    return line;
  }
}

interface Weighing {
  weigh(line: Line): number;
  /** how much of its weight a change keeps, from 0 to 1 */
  judge(change: Alternative, file: LoadedFile): number;
}

/** Changes of what ran, those first that are likeliest to matter. */
function changesOf(traced: Traced, candidates: readonly Line[], { weigh, judge }: Weighing): readonly Change[] {
  const files = new Map<string, { readonly file: LoadedFile; readonly starts: number[]; readonly lines: Line[] }>();
  for (const line of candidates) {
    const { hash } = line.file;
    const known = files.get(hash);
    const entry = known ?? { file: line.file, starts: [], lines: [] };
    if (!known) files.set(hash, entry);
    entry.lines.push(line);
    for (const { start } of line.statements) entry.starts.push(start);
  }
  const found: { readonly change: Change; readonly rank: number }[] = [];
  for (const { file, starts, lines } of files.values()) {
    const parsed = traced.sources.of(file);
    if (!parsed) continue;
    const sorted = Float64Array.from(starts).sort();
    const runs = ({ start, end }: Ranged): boolean => holds(sorted, start, end);
    const byOffset = lines.toSorted((a, b) => a.offset - b.offset);
    for (const alternative of alternatives(parsed, runs)) {
      const line = byOffset.findLast(({ offset }) => offset <= alternative.from) ?? byOffset[0]!;
      const weight = alternative.weight * judge(alternative, file);
      found.push({ change: { ...alternative, weight, file }, rank: weight * (0.5 + weigh(line)) });
    }
  }
  return found.sort((a, b) => b.rank - a.rank).map(({ change }) => change);
}

/** Whether one of the ascending numbers lies in the range. */
function holds(sorted: Float64Array, from: number, to: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && sorted[low]! < to;
}

function changeOf(traced: Traced, { one, plausible }: Judged): TriedChange {
  const { file, from, to, text, also = [] } = one.change;
  const was = traced.sources.text(file)?.slice(from, to) ?? '';
  const places = [{ from, to }, ...also];
  return { was, is: text, fixed: one.fixed, broken: one.broken, others: Math.max(0, plausible - 1), places };
}

function sentenceOf(
  change: TriedChange | undefined,
  spectrum: Spectrum,
  counts: { readonly failing: number; readonly passing: number },
  trials: Trials,
  isInSlice: boolean,
): string {
  if (change) {
    const what =
      change.is === '' || change.is === ';'
        ? `Without ${short(change.was)}`
        : `With ${short(change.is)} instead of ${short(change.was)}`;
    const fixed =
      trials.failing === 1
        ? 'the case ends without an error'
        : `${change.fixed} of ${trials.failing} failing cases end without an error`;
    const kept = trials.passing - change.broken;
    const still = trials.passing === 0 ? '' : `, and ${kept} of ${trials.passing} passing ones still pass`;
    return `${what}, ${fixed}${still}: tried on what was recorded.`;
  }
  const ran =
    counts.failing === 1 ? 'The failing case ran it' : `${spectrum.failing} of ${counts.failing} failing cases ran it`;
  const needed = isInSlice ? ['The marked value depends on it.'] : [];
  if (counts.passing > 0)
    return [...needed, `${ran}, and ${spectrum.passing} of ${counts.passing} passing ones.`].join(' ');
  return needed[0] ?? `${ran}.`;
}

function short(text: string): string {
  return `\`${cutCode(text)}\``;
}
