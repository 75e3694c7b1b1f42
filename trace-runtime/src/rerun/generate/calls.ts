/** Recorded calls that a test can make again: of exported functions, with arguments that literals make. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Traced } from '../../analysis/traced.ts';
import type { FunctionSite } from '../../model/sites.ts';
import type { Activation, LoadedFile } from '../../query/activation.ts';
import type { Failure } from '../../query/failures.ts';
import type { Heap } from '../../query/heap.ts';
import { EventCode, type Moment } from '../../query/moments.ts';
import type { StreamReplay } from '../../query/replay.ts';
import { Accessor, ObjectValue, type Value } from '../../query/values.ts';
import { isAssertion } from '../sameness.ts';
import { argumentsOf, type EnteredCall } from './call-arguments.ts';
import { exportsOf, type Export } from './exported.ts';
import { dataLiteral, literalOf, type Literal } from './literals.ts';
import { classOf, receiverOf, type Receiver } from './receivers.ts';

export interface RecordedCall {
  /** of a method `CLASS.METHOD` */
  readonly functionName: string;
  readonly path: string;
  /** of a method its class */
  readonly exported: Export;
  readonly callee: Callee;
  readonly isAsync: boolean;
  readonly args: readonly Literal[];
  /** what it should have returned, as the assertion says; undefined: it should not throw */
  readonly expected: Literal | undefined;
  /** secrets that the arguments hold */
  readonly needs: readonly string[];
}

/** `construct`: a class's constructor; `static`: a method of the class itself */
export type Callee =
  | { readonly kind: 'function' | 'construct' }
  | { readonly kind: 'static'; readonly method: string }
  | { readonly kind: 'method'; readonly method: string; readonly receiver: Receiver };

/** The likeliest first: the innermost that threw, or the last that returned what an assertion did not expect. */
export function callsOf(traced: Traced, failure: Failure, open: () => StreamReplay): readonly RecordedCall[] {
  const finder = new Finder(traced, failure, open);
  const expectations = expectationsOf(traced, failure);
  if (expectations.length > 0) return finder.returned(expectations);
  return isAssertion(failure) ? [] : finder.threw();
}

interface Expectation {
  readonly actual: Literal;
  readonly expected: Literal;
}

/** What a failed assertion compared, where it tells. */
function expectationsOf({ timeline }: Traced, failure: Failure): readonly Expectation[] {
  if (!isAssertion(failure)) return [];
  // it is known once it was thrown, some runners' once the case has ended
  for (const moment of [failure.moment + 1, failure.case?.last]) {
    if (moment === undefined) continue;
    timeline.seekMoment(moment);
    const found = comparedBy(timeline.replay.heap, failure.value);
    if (found) return [found, ...asData(found)];
  }
  return [];
}

/** vitest makes texts of both sides, all but strings; which they were the results of the calls tell. */
function asData({ actual, expected }: Expectation): readonly Expectation[] {
  const [a, b] = [actual.text, expected.text].map((text) => (text === undefined ? undefined : dataLiteral(text)));
  return a && b ? [{ actual: a, expected: b }] : [];
}

/** Errors of node:assert, chai and vitest have both sides, those of jest in `matcherResult`. */
function comparedBy(heap: Heap, error: Value): Expectation | undefined {
  const own = (of: Value, key: string): Value | Accessor =>
    of instanceof ObjectValue ? heap.get(of)?.properties.get(key) : undefined;
  const result = own(error, 'matcherResult');
  const holder = result instanceof ObjectValue ? result : error;
  const read = (key: string): Literal | undefined => {
    const value = own(holder, key);
    return value instanceof Accessor ? undefined : literalOf(heap, value, new Set());
  };
  const operator = own(error, 'operator');
  if (typeof operator === 'string' && !EQUALITY.test(operator)) return undefined;
  const [actual, expected] = [read('actual'), read('expected')];
  return actual && expected && actual.code !== expected.code ? { actual, expected } : undefined;
}

const EQUALITY = /^(?:={2,3}|(?:strict|deep|deepStrict)?Equal)$/i;

const TEST_FILE = /(?:^|[\\/])(?:__tests__)[\\/]|[._-](?:test|spec)s?\.[cm]?[jt]sx?$/;
const OUTSIDE = /^(?:fs|child|http|fetch|socket|dns|stdin|udp|worker)\b/;

class Finder {
  readonly #exports = new Map<string, ReadonlyMap<string, Export>>();

  constructor(
    private readonly traced: Traced,
    private readonly failure: Failure,
    private readonly open: () => StreamReplay,
  ) {}

  threw(): readonly RecordedCall[] {
    const replay = this.open();
    const { timeline } = this.traced;
    timeline.seekMoment(this.failure.moment);
    const stack = [...timeline.replay.stack].reverse();
    const outside: Moment[] = [];
    while (replay.moment < this.failure.moment && replay.step())
      if (replay.event.code === EventCode.boundary && OUTSIDE.test(String(replay.event.detail)))
        outside.push(replay.event.moment);
    return stack.flatMap((act) => {
      const enter = this.#enterOf(act.serial);
      // what asks the outside would ask it again
      const asks = enter === undefined || outside.some((moment) => moment > enter);
      return asks ? [] : this.#call(act, enter, undefined);
    });
  }

  returned(expectations: readonly Expectation[]): readonly RecordedCall[] {
    const replay = this.open();
    const found: { readonly act: Activation; readonly expected: Literal }[] = [];
    let outside = 0;
    const begun = new Map<number, number>();
    while (replay.moment < this.failure.moment && replay.step()) {
      const { code, activation, value, detail } = replay.event;
      if (code === EventCode.boundary && OUTSIDE.test(String(detail))) outside++;
      if (!activation) continue;
      if (code === EventCode.enter) begun.set(activation.serial, outside);
      if (code !== EventCode.exit || begun.get(activation.serial) !== outside || !this.#exportOf(activation)) continue;
      const returned = literalOf(replay.heap, value, new Set())?.code;
      const expectation = expectations.find(({ actual }) => actual.code === returned);
      if (expectation) found.push({ act: activation, expected: expectation.expected });
    }
    return found
      .reverse()
      .slice(0, MOST_RETURNED)
      .flatMap(({ act, expected }) => {
        const enter = this.#enterOf(act.serial);
        return enter === undefined ? [] : this.#call(act, enter, expected);
      });
  }

  #enterOf(serial: number): Moment | undefined {
    const { calls } = this.traced.timeline.overview;
    const span = calls.firstSpan(serial);
    return span === undefined ? undefined : calls.enter[span];
  }

  #exportOf({ file, site }: Pick<Activation, 'file' | 'site'>): Export | undefined {
    const { path: at } = file;
    if (!this.#isOfModule(file, site) || !CALLABLE.test(site.kind) || site.generator) return undefined;
    if (/[\\/]node_modules[\\/]/.test(at) || TEST_FILE.test(at) || at === this.failure.case?.file) return undefined;
    let exports = this.#exports.get(at);
    if (!exports) this.#exports.set(at, (exports = exportsOf(read(at))));
    if (IN_CLASS.test(site.kind)) return exports.get(classOf(this.traced, file, site)?.name ?? '');
    return exports.get(site.name || this.#assignedTo(file, site));
  }

  /** Some runners put the module's text into a function. */
  #isOfModule(file: LoadedFile, { parent }: FunctionSite): boolean {
    if (parent === 0) return true;
    const outer = file.table.functions[parent];
    if (!outer || outer.parent !== 0 || outer.name !== '') return false;
    const length = this.traced.sources.text(file)?.trimEnd().length ?? 0;
    return outer.start < WRAPPER && outer.end > length - WRAPPER;
  }

  /** `exports.name = (…) => …` gives its function no name. */
  #assignedTo(file: LoadedFile, { start }: FunctionSite): string {
    const before = this.traced.sources.text(file)?.slice(Math.max(0, start - 100), start) ?? '';
    return /([\w$]+)\s*=\s*$/.exec(before)?.[1] ?? '';
  }

  #call({ serial, site, file }: Activation, enter: Moment, expected: Literal | undefined): readonly RecordedCall[] {
    const exported = this.#exportOf({ site, file });
    if (!exported) return [];
    const needs = new Set<string>();
    const call = { serial, site, file, enter };
    const args = argumentsOf(this.traced, call, this.open, needs);
    const callee = args && this.#calleeOf(call, needs);
    if (!callee) return [];
    const own = IN_CLASS.test(site.kind) ? classOf(this.traced, file, site)?.name : undefined;
    const plain = exported.kind === 'named' ? exported.name : (own ?? (site.name || path.parse(file.path).name));
    const functionName = 'method' in callee ? `${plain}.${callee.method}` : plain;
    return [
      { functionName, path: file.path, exported, callee, isAsync: site.async, args, expected, needs: [...needs] },
    ];
  }

  #calleeOf(call: EnteredCall, needs: Set<string>): Callee | undefined {
    const { site, file } = call;
    const own = IN_CLASS.test(site.kind) ? classOf(this.traced, file, site) : undefined;
    if (own === undefined) return { kind: 'function' };
    if (site.kind !== 'method') return { kind: 'construct' };
    const method = site.name;
    if (!/^[A-Za-z_$][\w$]*$/.test(method)) return undefined;
    if (own.isStatic) return { kind: 'static', method };
    const receiver = receiverOf(this.traced, call, own, this.open, needs);
    return receiver && { kind: 'method', method, receiver };
  }
}

const IN_CLASS = /^(?:method|constructor|derivedConstructor)$/;
const CALLABLE = /^(?:function|arrow|method|constructor|derivedConstructor)$/;
const MOST_RETURNED = 5;
/** Characters around a module's text. */
const WRAPPER = 300;

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
