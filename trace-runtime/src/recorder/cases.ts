/** Turns what test runners tell (runner-probes.ts) into case records. Nothing here ever throws into a runner. */
import { natives } from './natives.ts';
import { Outcome } from '../wire/words.ts';

export interface CaseSink {
  caseStart(start: { name: string; file?: string; line?: number; parent?: number }): number;
  caseEnd(id: number, outcome: number, error: unknown, milliseconds: number): void;
  failedToLoad(error: unknown): void;
}

export interface Cases {
  /** a case begins; `key` stands for it until `end` */
  begin(key: object, name: string, file: string, line?: number): void;
  end(key: object, outcome: number, error: unknown): void;
  /** one that does not run */
  skipped(name: string, file: string, line?: number): void;
  /** a hook failed by which no test is told to fail */
  hookFailed(hook: FailedHook, error: unknown): void;
  /** a file of tests could not be loaded */
  failedToLoad(error: unknown): void;
}

export interface FailedHook {
  readonly when: 'before all' | 'after all' | 'before each' | 'after each';
  /** full name of the suite, and its own; '' where it is that of the file */
  readonly suite: string;
  readonly title: string;
  readonly file: string;
}

export function createCases(sink: CaseSink): Cases {
  const running = new WeakMap<object, { readonly id: number; readonly at: number }>();
  const get = WeakMap.prototype.get;
  const set = WeakMap.prototype.set;
  const drop = WeakMap.prototype.delete;
  const { apply, now } = natives;
  return {
    begin(key, name, file, line = 0) {
      apply(set, running, [key, { id: sink.caseStart({ name, file, line }), at: now() }]);
    },
    end(key, outcome, error) {
      const found = apply(get, running, [key]) as { id: number; at: number } | undefined;
      if (!found) return;
      apply(drop, running, [key]);
      sink.caseEnd(found.id, outcome, error, now() - found.at);
    },
    failedToLoad: (error) => sink.failedToLoad(error),
    hookFailed({ when, suite, title, file }, error) {
      // as mocha names them
      const name = `${suite}${suite && ' '}"${when}" hook in "${title || '{root}'}"`;
      sink.caseEnd(sink.caseStart({ name, file }), Outcome.failed, error, 0);
    },
    skipped(name, file, line = 0) {
      sink.caseEnd(sink.caseStart({ name, file, line }), Outcome.skipped, undefined, 0);
    },
  };
}

type Fn = (this: unknown, ...args: unknown[]) => unknown;
type Bag = Record<string, unknown>;

/** What `__hcCase` does: its first argument names the runner. */
export function runnerHook(cases: Cases, guard: (work: () => void) => void): Fn {
  /** vitest keeps a copy of an error: this is the error itself, by the task's result */
  const errors = new WeakMap<object, unknown>();
  /** of vitest: suites that run, by their results */
  const suites = new WeakMap<object, RunningSuite>();
  /** more than one of mocha's files hands the same class out */
  const watched = new WeakSet<object>();
  return (runner, ...args) => {
    if (runner === 'mocha')
      guard(() => {
        const [{ prototype }] = args as [MochaRunner];
        if (!watched.has(prototype)) watchMocha(cases, guard, prototype);
        watched.add(prototype);
      });
    else if (runner === 'jest')
      return (event: unknown) => guard(() => jestEvent(cases, event as JestEvent, String(args[0])));
    else if (runner === 'vitest-error')
      guard(() => {
        const [result, error] = args as [object, unknown];
        const suite = suites.get(result);
        if (suite && !errors.has(result)) cases.hookFailed(hookOfVitest(suite), error);
        if (!errors.has(result)) errors.set(result, error);
      });
    else if (runner === 'file') guard(() => cases.failedToLoad(args[0]));
    else if (runner === 'vitest')
      guard(() => vitestEvent(cases, { errors, suites }, String(args[0]), args[1] as VitestTask));
    return undefined;
  };
}

interface MochaRunner {
  readonly prototype: { emit: Fn };
}

function watchMocha(cases: Cases, guard: (work: () => void) => void, prototype: MochaRunner['prototype']): void {
  const { emit } = prototype;
  prototype.emit = {
    emit(this: unknown, ...args: unknown[]): unknown {
      guard(() => mochaEvent(cases, args));
      return natives.apply(emit, this, args as never);
    },
  }.emit as Fn;
}

interface MochaTest {
  readonly type?: string;
  readonly file?: string;
  fullTitle(): string;
}

function mochaEvent(cases: Cases, [event, subject, error]: readonly unknown[]): void {
  if (event !== 'test' && event !== 'pass' && event !== 'fail' && event !== 'pending') return;
  const test = subject as MochaTest;
  const begin = (): void => cases.begin(test, test.fullTitle(), test.file ?? '');
  if (event === 'test') begin();
  else if (event === 'pass') cases.end(test, Outcome.passed, undefined);
  else if (event === 'pending') cases.skipped(test.fullTitle(), test.file ?? '');
  else {
    if (test.type === 'hook') begin();
    const timedOut = (error as Bag | null)?.code === 'ERR_MOCHA_TIMEOUT';
    cases.end(test, timedOut ? Outcome.timedOut : Outcome.failed, error);
  }
}

interface JestBlock {
  readonly name: string;
  readonly parent?: JestBlock;
}
interface JestTest extends JestBlock {
  readonly errors?: readonly unknown[];
}
interface JestEvent {
  readonly name: string;
  readonly test?: JestTest;
  readonly error?: unknown;
  readonly hook?: { readonly type: string; readonly parent: JestBlock };
}

function jestEvent(cases: Cases, { name, test, hook, error: thrown }: JestEvent, file: string): void {
  if (name === 'hook_failure' && hook?.type === 'afterAll') {
    const { parent } = hook;
    const title = parent.parent ? parent.name : '';
    cases.hookFailed({ when: 'after all', suite: jestName(parent), title, file }, thrown);
  }
  if (!test) return;
  if (name === 'test_start') cases.begin(test, jestName(test), file);
  else if (name === 'test_skip' || name === 'test_todo') cases.end(test, Outcome.skipped, undefined);
  else if (name === 'test_done') {
    const [first] = test.errors ?? [];
    const error: unknown = Array.isArray(first) ? (first[0] ?? first[1]) : first;
    const timedOut = error instanceof Object && String((error as Bag).message).startsWith('Exceeded timeout of');
    cases.end(test, !first ? Outcome.passed : timedOut ? Outcome.timedOut : Outcome.failed, error);
  }
}

function jestName(block: JestBlock): string {
  const names: string[] = [];
  for (let b: JestBlock | undefined = block; b?.parent; b = b.parent) names.unshift(b.name);
  return names.join(' ');
}

interface VitestTask {
  readonly type: string;
  readonly name: string;
  readonly mode?: string;
  readonly suite?: VitestTask;
  readonly file?: { readonly filepath?: string };
  /** of a file */
  readonly filepath?: string;
  readonly location?: { readonly line: number };
  readonly result?: { readonly state?: string; readonly errors?: readonly unknown[] };
}

interface RunningSuite {
  readonly task: VitestTask;
  /** its hooks after all tests have begun */
  isAfter: boolean;
}

interface VitestRun {
  readonly errors: WeakMap<object, unknown>;
  readonly suites: WeakMap<object, RunningSuite>;
}

function hookOfVitest({ task, isAfter }: RunningSuite): FailedHook {
  const isFile = task.filepath !== undefined;
  const names = isFile ? { suite: '', title: '' } : { suite: vitestName(task), title: task.name };
  const file = task.filepath ?? task.file?.filepath ?? '';
  return { when: isAfter ? 'after all' : 'before all', ...names, file };
}

function vitestEvent(cases: Cases, { errors: originals, suites }: VitestRun, event: string, task: VitestTask): void {
  if (task.type === 'suite' && task.result) {
    const known = suites.get(task.result);
    if (event === 'suite-prepare') suites.set(task.result, { task, isAfter: false });
    else if (event === 'after-hook-start' && known) known.isAfter = true;
  }
  if (task.type !== 'test') return;
  const file = task.file?.filepath ?? '';
  if (event === 'test-prepare') cases.begin(task, vitestName(task), file, task.location?.line);
  else if (event === 'test-failed-early') {
    cases.begin(task, vitestName(task), file, task.location?.line);
    cases.end(task, Outcome.failed, task.result?.errors?.[0]);
  } else if (event === 'test-finished') {
    const { state, errors } = task.result ?? {};
    const error = (task.result && originals.get(task.result)) ?? errors?.[0];
    const timedOut = String((error as Bag | undefined)?.message).startsWith('Test timed out in');
    const outcome =
      state === 'pass'
        ? Outcome.passed
        : state === 'fail'
          ? timedOut
            ? Outcome.timedOut
            : Outcome.failed
          : Outcome.skipped;
    cases.end(task, outcome, error);
  }
}

function vitestName(task: VitestTask): string {
  const names: string[] = [];
  for (let t: VitestTask | undefined = task; t; t = t.suite) if (t.name) names.unshift(t.name);
  return names.join(' ');
}
