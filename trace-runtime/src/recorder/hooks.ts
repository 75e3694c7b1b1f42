/**
 * The functions that instrumented code calls. Each writes one record: it computes into a local position and stores
 * Slot.position last, so that a stack overflow on the way leaves no half record. They are small so that V8 inlines them.
 */
import type { HookParts } from './hook-parts.ts';
import { createDelegates } from './delegates.ts';
import { createEarlyHooks } from './early-hooks.ts';
import { createParameterBindings } from './parameter-bindings.ts';
import { createMatches } from './matches.ts';
import { createPatternTargets } from './pattern-targets.ts';
import { createUnrecordedHooks } from './unrecorded-code.ts';
import { getOwnPropertyDescriptor, hasOwn, ownKeys } from './primordials.ts';
import { ownData } from './own-data.ts';
import { Register } from './registers.ts';
import { Runtime, type Slot, Special, Tag } from '../wire/words.ts';

export type Hooks = Readonly<Record<string, unknown>>;

const control = (id: number): number => (id << 4) | Tag.control;
const ABRUPT = control(Runtime.abrupt);
const LEAVE = control(Runtime.leave);
const RESUME = control(Runtime.resume);
const SET = control(Runtime.set);
const DELETE = control(Runtime.delete);
const OPAQUE = (Special.opaque << 3) | Tag.special;
/** Slot's numbers once more, as literals in the bundle: V8 inlines by size. */
const enum At {
  position = 0,
  limit = 1,
  progress = 2,
  activations = 10,
  most = 11,
}
void ([At.position, At.limit, At.progress] satisfies [typeof Slot.position, typeof Slot.limit, typeof Slot.progress]);
void ([At.activations, At.most] satisfies [typeof Slot.activations, typeof Slot.most]);
/** Sites whose last leading value is kept: a power of two. */
const RECENT = 1024;

/** Names of the hooks are `__hc` and the keys below. */
export function createHooks(parts: HookParts): Hooks {
  const A = parts.words;
  const registers = parts.registers;
  const begin = parts.room.begin;
  const roomAt = parts.room.at;
  const put = parts.values.put;
  const { wordOf, stamp } = parts.values;
  const recent: unknown[] = Array.from({ length: RECENT }, () => undefined);
  const recentWords = new Int32Array(RECENT);
  parts.retained.add(recent);
  const rootTick = parts.ticks.root;
  const { overflow } = parts.overflows;
  const nothing = Object.freeze({});
  const early = createEarlyHooks({ words: A, enter, begin, roomAt, put, leave: N, abrupt: X });
  const { wait, onWait } = parts.room;
  const { stands } = parts;
  const bindings = createParameterBindings({ words: A, roomAt, put, leave: N, rootTick, wait, onWait, stands }, early);

  /**
   * As `put`, for the value that leads a record: at one site it is often the value of the last time, `this` above all,
   * and then its word is at hand. (Reading an object's private field costs ten times as much where shapes vary.)
   */
  function lead(w: number, position: number, value: unknown): number {
    return typeof value === 'number' ? put(position, value) : leadOther(w, position, value);
  }

  function leadOther(w: number, position: number, value: unknown): number {
    const s = A;
    const i = (w >> 4) & (RECENT - 1);
    if (recent[i] === value && value !== undefined) {
      s[position] = recentWords[i]!;
      return position + 1;
    }
    const next = put(position, value);
    const word = s[next - 1]!;
    // the last word of a bigint is a string's, too
    if (((word & 7) === Tag.object || (word & 7) === Tag.string) && typeof value !== 'bigint') {
      recent[i] = value;
      recentWords[i] = word;
    }
    return next;
  }

  /** Room for a record, and a new tick where no recorded code is on the stack. */
  function enter(position: number, caller: number): number {
    const next = begin(position);
    return caller === 0 ? bindings.root(next) : next;
  }

  function E0(w: number): number {
    const s = A;
    const c = s[At.progress]!;
    let p = s[At.position]!;
    if (c === 0 || p > s[At.limit]!) p = enter(p, c);
    if (s[At.activations]!++ === s[At.most]) overflow(E0);
    s[p] = w;
    s[p + 1] = c << 1;
    s[At.position] = p + 2;
    return c;
  }

  function E1(w: number, a: unknown): number {
    const s = A;
    const c = s[At.progress]!;
    let p = s[At.position]!;
    if (c === 0 || p > s[At.limit]!) p = enter(p, c);
    if (s[At.activations]!++ === s[At.most]) overflow(E1);
    s[p] = w;
    s[p + 1] = c << 1;
    s[At.position] = lead(w, p + 2, a);
    return c;
  }

  function E2(w: number, a: unknown, b: unknown): number {
    const s = A;
    const c = s[At.progress]!;
    let p = s[At.position]!;
    if (c === 0 || p > s[At.limit]!) p = enter(p, c);
    if (s[At.activations]!++ === s[At.most]) overflow(E2);
    s[p] = w;
    s[p + 1] = c << 1;
    s[At.position] = put(lead(w, p + 2, a), b);
    return c;
  }

  function E3(w: number, a: unknown, b: unknown, d: unknown): number {
    const s = A;
    const c = s[At.progress]!;
    let p = s[At.position]!;
    if (c === 0 || p > s[At.limit]!) p = enter(p, c);
    if (s[At.activations]!++ === s[At.most]) overflow(E3);
    s[p] = w;
    s[p + 1] = c << 1;
    s[At.position] = put(put(lead(w, p + 2, a), b), d);
    return c;
  }

  function E4(w: number, a: unknown, b: unknown, d: unknown, e: unknown): number {
    const s = A;
    const c = s[At.progress]!;
    let p = s[At.position]!;
    if (c === 0 || p > s[At.limit]!) p = enter(p, c);
    if (s[At.activations]!++ === s[At.most]) overflow(E4);
    s[p] = w;
    s[p + 1] = c << 1;
    s[At.position] = put(put(put(lead(w, p + 2, a), b), d), e);
    return c;
  }

  function E5(w: number, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown): number {
    const s = A;
    const c = s[At.progress]!;
    let p = s[At.position]!;
    if (c === 0 || p > s[At.limit]!) p = enter(p, c);
    if (s[At.activations]!++ === s[At.most]) overflow(E5);
    s[p] = w;
    s[p + 1] = c << 1;
    s[At.position] = put(put(put(put(lead(w, p + 2, a), b), d), e), f);
    return c;
  }

  function E6(w: number, a: unknown, b: unknown, d: unknown, e: unknown, f: unknown, g: unknown): number {
    const s = A;
    const c = s[At.progress]!;
    let p = s[At.position]!;
    if (c === 0 || p > s[At.limit]!) p = enter(p, c);
    if (s[At.activations]!++ === s[At.most]) overflow(E6);
    s[p] = w;
    s[p + 1] = c << 1;
    s[At.position] = put(put(put(put(put(lead(w, p + 2, a), b), d), e), f), g);
    return c;
  }

  function V(v: unknown): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = roomAt(p);
    s[At.position] = put(p, v);
  }

  function B(w: number): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[At.position] = p + 1;
  }

  function BE(w: number, environment: number): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[p + 1] = environment << 1;
    s[At.position] = p + 2;
  }

  function R(w: number, c: number, v: unknown): unknown {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[At.position] = lead(w, p + 1, v);
    s[At.progress] = c;
    return v;
  }

  function Q(w: number, c: number, v: unknown): unknown {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[At.position] = p + 1;
    s[At.progress] = c;
    return v;
  }

  function Z(w: number, c: number): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[At.position] = p + 1;
    s[At.progress] = c;
  }

  function X(c: number): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = ABRUPT;
    s[p + 1] = s[At.progress]! << 1;
    s[At.position] = p + 2;
    s[At.progress] = c;
  }

  function N(c: number): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = LEAVE;
    s[p + 1] = s[At.progress]! << 1;
    s[At.position] = p + 2;
    s[At.progress] = c;
  }

  function H1(w: number, a: unknown): unknown {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[At.position] = lead(w, p + 1, a);
    return a;
  }

  function H2(w: number, a: unknown, b: unknown): unknown {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[At.position] = put(lead(w, p + 1, a), b);
    return b;
  }

  function H3(w: number, a: unknown, b: unknown, c: unknown): unknown {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[At.position] = put(put(lead(w, p + 1, a), b), c);
    return c;
  }

  function W(w: number, a: unknown): object {
    H1(w, a);
    return nothing;
  }

  /** A record without values, after `v` was evaluated. */
  function J(w: number, v: unknown): unknown {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[At.position] = p + 1;
    return v;
  }

  /** The second of its arguments: the first is evaluated before it, the others after. */
  function Y(_: unknown, v: unknown): unknown {
    return v;
  }

  /** `value += operand`: a long string is not looked at again for each part that is put behind it. */
  function O(appending: number, whole: number, value: unknown, operand: unknown, before?: unknown): void {
    if (typeof value === 'string' && P(operand) && P(before)) H1(appending, operand);
    else H1(whole, value);
  }

  /** A throw statement. */
  function K(w: number, v: unknown, line: number, column: number): unknown {
    parts.throwing(w, v, line, column);
    return H1(w, v);
  }

  /** One of a dependency, whose steps are not recorded. */
  function KD(w: number, v: unknown, line: number, column: number): unknown {
    parts.throwing(w, v, line, column);
    return v;
  }

  /** What `json.parse(text)` has returned just now. */
  function JP(result: unknown, text: unknown, json: unknown): unknown {
    parts.parsedJson.note(result, text, json);
    return result;
  }

  function P(v: unknown): boolean {
    return (typeof v === 'object' ? v === null : typeof v !== 'function') && typeof v !== 'symbol';
  }

  function C(w: number, error: unknown): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[p + 1] = s[At.progress]! << 1;
    s[At.position] = put(p + 2, error);
  }

  function F(w: number): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    s[p + 1] = s[At.progress]! << 1;
    s[At.position] = p + 2;
  }

  function U(environment: number, op: number): number {
    const s = A;
    const c = s[At.progress]!;
    let p = s[At.position]!;
    if (c === 0 || p > s[At.limit]!) p = enter(p, c);
    s[p] = RESUME;
    s[p + 1] = environment << 1;
    s[p + 2] = c << 1;
    s[p + 3] = op << 1;
    s[At.position] = p + 4;
    s[At.progress] = op;
    return c;
  }

  function I(): number {
    const id = registers[Register.environment]! + 1;
    registers[Register.environment] = id;
    return id;
  }

  /** `listed`: 0 for all that is ordinary data */
  function T(w: number, self: object, listed: readonly PropertyKey[] | 0, hidden: readonly unknown[]): object {
    const s = A;
    const known: PropertyDescriptor[] = [];
    const keys: PropertyKey[] = [];
    const isObject = (typeof self === 'object' && self !== null) || typeof self === 'function';
    // of a proxy, which a constructor above returned, its target has the fields
    const holder = isObject ? parts.objects.beyondProxies(self) : undefined;
    const names = holder === undefined ? [] : listed === 0 ? ownKeys(holder) : listed;
    let count = 0;
    for (let i = 0; i < names.length; i++) {
      // V8 makes the text of an error's stack at the first look
      if (listed === 0 && names[i] === 'stack') continue;
      const descriptor = getOwnPropertyDescriptor(holder!, names[i]!);
      if (descriptor === undefined || !hasOwn(descriptor, 'value')) continue;
      if (listed === 0 && !(descriptor.writable && descriptor.enumerable && descriptor.configurable)) continue;
      keys[count] = names[i]!;
      known[count++] = descriptor;
    }
    let p = begin(s[At.position]!);
    s[p] = w;
    p = roomAt(put(p + 1, self));
    s[p++] = (count + (hidden.length >> 1)) << 1;
    for (let i = 0; i < count; i++) {
      p = put(roomAt(p), keys[i]);
      p = put(roomAt(p), known[i]!.value);
    }
    for (let i = 0; i < hidden.length; i++) p = put(roomAt(p), hidden[i]);
    s[At.position] = p;
    return self;
  }

  function L(w: number, f: object): object {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    const word = wordOf(f);
    s[p] = w;
    s[p + 1] = word === 0 ? stamp(f) : word;
    s[At.position] = p + 2;
    return nothing;
  }

  function M(o: unknown, k: unknown, v: unknown): unknown {
    if (isKnown(o)) writeSet(o, k, v);
    return v;
  }

  function isKnown(o: unknown): boolean {
    return (typeof o === 'object' ? o !== null : typeof o === 'function') && wordOf(o as object) !== 0;
  }

  function writeSet(o: unknown, k: unknown, v: unknown): void {
    const s = A;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = SET;
    s[p + 1] = s[At.progress]! << 1;
    s[At.position] = put(put(put(p + 2, o), k), v);
  }

  function MD(o: unknown, k: unknown, r: unknown): unknown {
    const s = A;
    if (r !== true || !(typeof o === 'object' ? o !== null : typeof o === 'function')) return r;
    if (wordOf(o as object) === 0) return r;
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = DELETE;
    s[p + 1] = s[At.progress]! << 1;
    s[At.position] = put(put(p + 2, o), k);
    return r;
  }

  function D(w: number, o: unknown, k: unknown): void {
    const s = A;
    const descriptor = ownData(o, k);
    let p = s[At.position]!;
    if (p > s[At.limit]!) p = begin(p);
    s[p] = w;
    p = put(put(p + 1, o), k);
    if (descriptor !== undefined) p = put(p, descriptor.value);
    else s[p++] = OPAQUE;
    s[At.position] = p;
  }

  return {
    A,
    k: parts.flowHash.roll,
    n: parts.newborns.define,
    I,
    E0,
    E1,
    E2,
    E3,
    E4,
    E5,
    E6,
    V,
    B,
    BE,
    R,
    Q,
    Z,
    X,
    N,
    '0': B,
    '1': H1,
    '2': H2,
    '3': H3,
    W,
    J,
    Y,
    P,
    JP,
    ...createMatches({ words: A, begin, put, wordOf }),
    K,
    KD,
    O,
    C,
    F,
    S: (w: number, v: unknown, _op: number, c: number): unknown => R(w, c, v),
    U,
    ...createDelegates((w, v, _op, c) => R(w, c, v), U, V),
    ...early,
    ...bindings.hooks,
    ...createPatternTargets(H3, M, isKnown),
    ...createUnrecordedHooks({ ...parts, words: A, begin, record: H1 }),
    T,
    L,
    M,
    MD,
    D,
  };
}
