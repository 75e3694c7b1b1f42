/** The recorder of one thread: everything that turns what the program does into words. The composition root. */
import { builtinModules } from 'node:module';
import { createCore } from './core.ts';
import type { FlowListeners } from './flow-hash.ts';
import { installBuiltins } from './builtins.ts';
import { createHooks, type Hooks } from './hooks.ts';
import { namedErrors } from './named-errors.ts';
import { createLightHooks } from './light-hooks.ts';
import type { FatalText, Thrown } from './fatal-errors.ts';
import { createTextHooks, type InstrumentText } from './text-code.ts';
import { createTouching } from './touched.ts';
import { createTouchingGlobals } from './globals.ts';
import { watchLifecycle } from './lifecycle.ts';
import { watchOutput } from './output.ts';
import {
  stringify,
  typedArrayBuffer,
  typedArrayBytes,
  typedArrayOffset,
  dataViewBuffer,
  dataViewBytes,
  dataViewOffset,
  is,
  min,
} from './primordials.ts';
import { Register } from './registers.ts';
import type { Secret } from './secrets.ts';
import type { StackTexts } from './stack-texts.ts';
import type { Transport } from './transport.ts';
import { EXACT_MATH } from '../model/sites.ts';
import type { RecordedActivations } from './stack-overflows.ts';
import { Runtime, Slot, Uncaught } from '../wire/words.ts';

export interface RecorderOptions extends FlowListeners {
  /** values that are in no recording; default: none */
  readonly secrets?: readonly Secret[] | undefined;
  /** Makes a replacement of a builtin look like it: name, length, text. */
  readonly disguise?: ((replacement: object, original: object) => void) | undefined;
  /** the native helper's function that raises V8's stack limit, in kB; false where it could not */
  readonly setStackLimit?: ((kilobytes: number, raise?: boolean) => boolean) | undefined;
  /** kB of stack to ask for, 4000 at most */
  readonly stackLimit?: number | undefined;
  /** Gives the text of an error that ends the program, where Node's own would show instrumented code. */
  readonly fatalText?: ((lastThrown: () => Thrown) => FatalText) | undefined;
  /** what is known of the texts of stacks; default: nothing */
  readonly stackTexts?: StackTexts | undefined;
  /** Runs what calls the program back; see StackTraces. */
  readonly below?: (<T>(work: () => T) => T) | undefined;
  /** whether code of a control word's file stands on the stack below the innermost recorded code; default: it does */
  readonly stands?: ((word: number) => boolean) | undefined;
  /** runs once, behind the program's last code and words */
  readonly afterEnd?: (() => void) | undefined;
  /** light: the control-flow hash of each tick, and no values; default: full */
  readonly level?: 'light' | 'full' | undefined;
  /** is called before what the program prints is recorded */
  readonly prints?: () => void;
  /** hears what the program prints, after it was recorded */
  readonly printed?: (fd: number, text: string) => void;
  /** hears of the program's end, after its last tick */
  readonly ends?: () => void;
  /** of code that the program makes of text */
  readonly instrumentText?: InstrumentText | undefined;
  /** false: process events, stdout and stderr are left alone (tests) */
  readonly process?: boolean | undefined;
}

export interface LedgerEntry {
  readonly kind: string;
  readonly subject: string;
  readonly reason: string;
}

export interface CaseStart {
  readonly name: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** 0: none */
  readonly parent?: number | undefined;
}

export interface Recorder {
  readonly hooks: Hooks;
  readonly words: Int32Array;
  /** Hooks as global lexical constants of a realm, and its builtins patched. `run` evaluates a script there. */
  installRealm(run: (code: string) => unknown, main: boolean): void;
  emitFile(base: number, ops: number, hash: string, path: string, how: number): void;
  /** `detail` is JSON text */
  emitBoundary(kind: string, detail: string): void;
  emitLedger(entry: LedgerEntry): void;
  caseStart(start: CaseStart): number;
  caseEnd(id: number, outcome: number, error: unknown, milliseconds: number): void;
  /** A file that a test runner loads has failed: its error left the program's code, and the runner goes on. */
  failedToLoad(error: unknown): void;
  withTick<T>(cause: number, causeTick: number, work: () => T): T;
  currentTick(): number;
  readonly ticksStarted: number;
  /** Native code has written into the view. */
  touchBytes(view: ArrayBufferView): void;
  /** Code that is not recorded has changed the object. */
  touch(object: object): void;
  /** Runs code made of text that nothing can be put into. `objects`: what it has hold of, besides what is global. */
  runText<T>(objects: readonly object[], work: () => T): T;
  /** Runs recorder work: replaced builtins record nothing meanwhile. */
  quietly<T>(work: () => T): T;
  /** Tells of a class of Node that no module exports, before the first instance is recorded. */
  nodeClass(constructor: object, path: string): void;
  /** Lets a replacement of a builtin be recorded as the builtin. */
  alias(replacement: object, original: object): void;
  /** No word from now on refers to a string before. */
  forget(): void;
  /** No recorded code is on the stack: the hash of the last tick, which may be cut off here. */
  noteHash(): void;
  /** Values are sampled from now on, for Runtime.check. */
  sampleValues(): void;
  /** The stack overflows where it did, and has room for it. */
  overflowAs(recorded: RecordedActivations): void;
  /** The next tick has the number behind that one. */
  countTicksFrom(tick: number): void;
  drain(): void;
  flush(): void;
  flushAged(): void;
}

const STACK_LIMIT = 1800;
const STACK_LIMIT_MOST = 4000;
/** More than activations of the same program need that are recorded at level light; less where the system gives no more. */
const STACK_LIMITS_SERVED = [64_000, 7000];

export function createRecorder(transport: Transport, options: RecorderOptions = {}): Recorder {
  const { level, stackTexts } = options;
  const core = createCore(transport, options.secrets ?? [], builtinModules, stackTexts, options, level);
  const { words, registers, emitters, ticks } = core;
  const thrown: unknown[] = [undefined];
  const lastThrown = (): Thrown => ({
    value: thrown[0],
    control: registers[Register.thrownWord]! >>> 4,
    line: registers[Register.thrownLine]!,
    column: registers[Register.thrownColumn]!,
  });
  const throwing = (word: number, value: unknown, line: number, column: number): void => {
    thrown[0] = value;
    registers[Register.thrownWord] = word;
    registers[Register.thrownLine] = line;
    registers[Register.thrownColumn] = column;
  };
  const touchFrom = createTouching((object) => {
    emitters.redefine(object);
    return core.values.wordOf(object) !== 0;
  });
  const touchGlobals = createTouchingGlobals(globalThis, { emitters, touchFrom });
  let isDeclared = false;
  function textRan(objects: readonly object[] = []): void {
    let isAll = touchGlobals();
    for (let i = 0; i < objects.length; i++) if (!touchFrom(objects[i]!)) isAll = false;
    if (!isAll) declareText('what it may have changed was not all recorded');
  }
  function declareText(reason: string): void {
    if (isDeclared) return;
    isDeclared = true;
    emitLedger({ kind: 'objects', subject: 'code made of text', reason });
  }
  function runText<T>(objects: readonly object[], work: () => T): T {
    const before = words[Slot.activations];
    try {
      return work();
    } finally {
      textRan(objects);
      if (words[Slot.activations] !== before)
        declareText('what it has changed is recorded when it is done, not as it calls back');
    }
  }
  const ofLevel =
    options.level === 'light'
      ? createLightHooks({ ...core, throwing })
      : createHooks({ ...core, words, registers, ticks, throwing, textRan, stands: options.stands ?? (() => true) });
  const textHooks = createTextHooks(options.instrumentText ?? ((text) => text));
  const hooks = { ...ofLevel, ...namedErrors, ...textHooks, val: core.valueSamples.take };
  const disguise = (replacement: object, original: object): void => {
    core.intrinsics.alias(replacement, original);
    options.disguise?.(replacement, original);
  };
  const flush = (): void => transport.flush();

  function uncaught(kind: number, value: unknown): void {
    // the body of a file says nothing when it is left; at level light nothing says that it began
    if (options.level !== 'light' && words[Slot.progress] !== 0) emitters.emit(Runtime.abrupt, true, [], []);
    core.overflows.seen(value);
    emitters.emit(Runtime.uncaught, false, [kind], [value]);
    // what runs next is a turn of its own
    words[Slot.progress] = 0;
  }

  function emitLedger(entry: LedgerEntry): void {
    emitters.emit(Runtime.ledger, true, [], [stringify(entry)]);
  }

  function quietly<T>(work: () => T): T {
    registers[Register.quiet]!++;
    try {
      return work();
    } finally {
      registers[Register.quiet]!--;
    }
  }

  function installRealm(run: (code: string) => unknown, main: boolean): void {
    const globalObject = run('globalThis') as object;
    core.intrinsics.addRealm(globalObject, main, run);
    const names = Object.keys(hooks);
    // a realm that is recorded already keeps its hooks
    if (run('typeof __hchand') === 'undefined' && run('typeof __hcA') === 'undefined') {
      const install = run(`let __hchand;((f)=>{__hchand=f})`) as (hand: unknown) => void;
      install(hooks);
      run(`const {${names.map((name) => `${name}:__hc${name}`).join(',')}}=__hchand;__hchand=undefined`);
      // what numeric loops compare the realm's own functions with
      run(`const __hcm=Object.freeze({${EXACT_MATH.map((name) => `${name}:Math.${name}`).join(',')}})`);
    }
    // no object is known whose changes would have to be told
    if (options.level === 'light') return;
    const below = options.below ?? ((work) => work());
    installBuiltins({ ...core, words, registers, disguise, below, globalObject, main });
  }

  if (options.setStackLimit) {
    const limit = min(options.stackLimit ?? STACK_LIMIT, STACK_LIMIT_MOST);
    if (!options.setStackLimit(limit)) noteStack('V8 does not take a new limit');
  } else if (options.process !== false) noteStack('the native helper is not there');

  function noteStack(reason: string): void {
    emitLedger({ kind: 'stack-depth', subject: 'recursion ends earlier than in the plain program', reason });
  }

  core.onShallow(() => {
    const count = registers[Register.shallow]!;
    registers[Register.shallow] = 0;
    emitLedger({ kind: 'not-captured', subject: `${count} values`, reason: 'the stack was nearly full' });
  });

  if (options.process !== false) {
    watchOutput({
      emitters,
      flush,
      disguise,
      redirected: () => registers[Register.quiet] !== 0,
      ...(options.prints ? { prints: options.prints } : {}),
      ...(options.printed ? { printed: options.printed } : {}),
    });
    watchLifecycle({
      emitters,
      transport,
      registers,
      words,
      disguise,
      secrets: core.secrets,
      emitLedger,
      fatalText: options.fatalText?.(lastThrown),
      uncaught,
      beforeEnd() {
        core.flowHash.close(words[Slot.position]!);
        options.ends?.();
      },
      afterEnd: options.afterEnd,
    });
  }

  return {
    hooks,
    words,
    installRealm,
    // `how` follows two values: it is written as a value, which for an int is the same word
    emitFile(base, ops, hash, path, how) {
      emitters.emit(Runtime.file, false, [base, ops], [hash, path, how]);
    },
    emitBoundary(kind, detail) {
      emitters.boundary(kind, detail);
      transport.flushAged?.();
    },
    emitLedger,
    caseStart({ name, file, line, parent }) {
      const id = registers[Register.case]! + 1;
      registers[Register.case] = id;
      emitters.emit(Runtime.caseStart, false, [id, parent ?? 0], [name, file ?? '', line ?? 0]);
      return id;
    },
    caseEnd(id, outcome, error, milliseconds) {
      core.overflows.seen(error);
      emitters.emit(Runtime.caseEnd, false, [id, outcome], [error, milliseconds]);
    },
    failedToLoad: (error) => uncaught(Uncaught.exception, error),
    withTick: ticks.run,
    currentTick: () => ticks.current,
    ticksStarted: ticks.started,
    touchBytes(view) {
      const isDataView = is.isDataView(view);
      const buffer = isDataView ? dataViewBuffer(view) : typedArrayBuffer(view);
      const offset = isDataView ? dataViewOffset(view) : typedArrayOffset(view);
      core.emitBytes(buffer, offset, isDataView ? dataViewBytes(view) : typedArrayBytes(view));
    },
    touch: emitters.redefine,
    runText,
    quietly,
    nodeClass: core.intrinsics.addClass,
    alias: core.intrinsics.alias,
    forget: () => core.strings.forget(),
    noteHash: () => void core.flowHash.note(words[Slot.position]!),
    sampleValues: core.valueSamples.start,
    overflowAs(recorded) {
      STACK_LIMITS_SERVED.some((limit) => options.setStackLimit?.(limit, true));
      core.overflows.serve(recorded);
    },
    countTicksFrom(tick) {
      registers[Register.tick] = tick;
    },
    drain: () => transport.drain(),
    flush,
    flushAged: () => transport.flushAged?.(),
  };
}
