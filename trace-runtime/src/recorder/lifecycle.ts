/**
 * How a program ends. `process.emit` is where Node announces an exit, an uncaught error and a rejection: it is replaced,
 * so that no listener of ours can be seen, counted or removed.
 */
import { isMainThread } from 'node:worker_threads';
import type { Emitters } from './emitters.ts';
import type { FatalText } from './fatal-errors.ts';
import { natives } from './natives.ts';
import { apply, defineProperty, getOwnPropertyDescriptor } from './primordials.ts';
import type { LedgerEntry } from './recorder.ts';
import { Register } from './registers.ts';
import type { Secrets } from './secrets.ts';
import type { Transport } from './transport.ts';
import { override } from '../boundary/patch.ts';
import { Runtime, Slot, Uncaught } from '../wire/words.ts';

export interface LifecycleParts {
  readonly emitters: Emitters;
  readonly transport: Transport;
  readonly registers: Int32Array;
  readonly words: Int32Array;
  readonly secrets: Secrets;
  disguise(replacement: object, original: object): void;
  emitLedger(entry: LedgerEntry): void;
  readonly fatalText: FatalText | undefined;
  /** right before the `end` record */
  readonly beforeEnd: () => void;
  /** an error leaves the program; `kind`: Uncaught's */
  readonly uncaught: (kind: number, value: unknown) => void;
  /** when nothing of the program runs or is printed any more */
  readonly afterEnd?: (() => void) | undefined;
}

type Callable = (this: unknown, ...values: unknown[]) => unknown;

export function watchLifecycle(parts: LifecycleParts): void {
  const { emitters, transport, registers, words } = parts;
  let reason: { readonly value: unknown } | undefined;
  /** what Node would print for the error that is ending the program */
  let fatal: (() => string | undefined) | undefined;

  function end(code: unknown): void {
    if (registers[Register.ended] === 1) return;
    registers[Register.ended] = 1;
    for (let i = 0; i < parts.secrets.met.length; i++) {
      const subject = parts.secrets.met[i]!;
      parts.emitLedger({ kind: 'redacted', subject, reason: 'its name says that it is a secret' });
    }
    parts.beforeEnd();
    emitters.emit(Runtime.end, false, [typeof code === 'number' ? code | 0 : exitCode()], []);
    transport.flush();
  }

  function uncaught(error: unknown, origin: unknown): void {
    const rejected = origin === 'unhandledRejection';
    const value = rejected && reason ? reason.value : error;
    parts.uncaught(rejected ? Uncaught.rejection : Uncaught.exception, value);
    transport.flush();
  }

  /** Of an error that nobody handles: the stack of another is not asked for. */
  function unhandled(error: unknown, origin: unknown): void {
    // With an inspector, a capture callback or a report asked for, Node's own way is left alone.
    const plain = isMainThread && !process.hasUncaughtExceptionCaptureCallback() && !inspected();
    // Node runs a callback of queueMicrotask inside of a function of its own that begins the way out anew
    const handed = origin === 'unhandledRejection' || registers[Register.microtask] === 1;
    if (plain) fatal = quietly(() => parts.fatalText?.(error, handed));
  }

  /** What Node would print; asked for before the last word, since the error's stack gets its text by that. */
  function fatalText(): string | undefined {
    const ask = fatal;
    fatal = undefined;
    return ask && quietly(ask);
  }

  /** In place of Node's print, which would show the instrumented line; then the exit that Node would make. */
  function die(text: string): void {
    natives.writeTo(2, text);
    after();
    natives.reallyExit.call(process, Number(process.exitCode ?? 1));
  }

  let over = false;
  function after(): void {
    if (over || !parts.afterEnd) return;
    over = true;
    quietly(parts.afterEnd);
  }

  function quietly<T>(work: () => T | undefined): T | undefined {
    registers[Register.quiet]!++;
    try {
      return work();
    } catch {
      return undefined;
    } finally {
      registers[Register.quiet]!--;
    }
  }

  // On its prototype: the program's own `process` has no such property.
  override(
    Object.getPrototypeOf(process) as object,
    'emit',
    parts.disguise,
    (inherited) =>
      function (...values) {
        return this === process ? emit(inherited(), values) : apply(inherited(), this, values);
      },
  );

  function emit(original: Callable, values: readonly unknown[]): unknown {
    const event = values[0];
    if (event === 'unhandledRejection') reason = { value: values[1] };
    else if (event === 'uncaughtExceptionMonitor') uncaught(values[1], values[2]);
    if (event === 'uncaughtException') {
      const handled = apply(original, process, values);
      if (handled === true) fatal = undefined;
      else unhandled(values[1], values[2]);
      return handled;
    }
    if (event !== 'exit') return apply(original, process, values);
    registers[Register.ending] = 1;
    // somebody called process.exit
    if (words[Slot.progress] !== 0)
      emitters.emit(Runtime.boundary, true, [], ['process.exit', `{"code":${Number(values[1])}}`]);
    transport.flush();
    let listened = false;
    try {
      const heard = apply(original, process, values);
      listened = true;
      return heard;
    } finally {
      const text = fatalText();
      // a listener that throws or calls process.exit ends the program through reallyExit
      end(process.exitCode ?? values[1]);
      if (text !== undefined) die(text);
      // Node prints what a listener throws
      if (listened) after();
    }
  }

  replace(process, 'reallyExit', (original) => ({
    reallyExit(this: unknown, ...values: unknown[]): unknown {
      end(values[0]);
      after();
      return apply(original, this, values);
    },
  }));
  replace(process, 'abort', (original) => ({
    abort(this: unknown, ...values: unknown[]): unknown {
      transport.flush();
      return apply(original, this, values);
    },
  }));
  replace(process, 'kill', (original) => ({
    kill(this: unknown, ...values: unknown[]): unknown {
      transport.flush();
      return apply(original, this, values);
    },
  }));

  function replace(
    holder: object,
    key: string,
    make: (original: Callable) => Readonly<Record<string, Callable>>,
  ): void {
    const original = (holder as Record<string, unknown>)[key];
    if (typeof original !== 'function') return;
    const descriptor = getOwnPropertyDescriptor(holder, key);
    const replacement = make(original as Callable)[key] as Callable;
    parts.disguise(replacement, original);
    const own = descriptor ?? { writable: true, configurable: true, enumerable: false };
    if (own.configurable || own.writable) defineProperty(holder, key, { ...own, value: replacement });
  }
}

function inspected(): boolean {
  const flags = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
  return /--inspect|--abort-on-uncaught|--report-uncaught|--trace-uncaught|--enable-source-maps/.test(flags);
}

function exitCode(): number {
  const code: unknown = process.exitCode;
  return typeof code === 'number' ? code : 0;
}
