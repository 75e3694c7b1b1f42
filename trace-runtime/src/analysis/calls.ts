/** Which recorded call a call expression made, and what is known of what native code gave. */
import type { AnyNode } from 'acorn';
import type { LoadedFile } from '../query/activation.ts';
import { EventCode } from '../query/moments.ts';
import { ObjectValue, isPrimitive, opaque, type Value } from '../query/values.ts';
import { classesOf, type ClassPlace } from './fields.ts';
import { nativeResult } from './collections.ts';
import { globalCall, isKnown, methodCall } from './primitives.ts';
import { type Reenactment } from './reenact.ts';
import { isCallOf } from './evaluated.ts';
import type { InnerCall, OwnEvent } from './run.ts';
import { holderOf } from './names.ts';
import { isFunction, keyText, plain, type Of } from './syntax.ts';
import type { Traced } from './traced.ts';

export type CallNode = Of<'CallExpression' | 'NewExpression' | 'TaggedTemplateExpression'>;

/** Where a function's code is. */
export interface FunctionCode {
  readonly file: LoadedFile;
  readonly index: number;
}

/** What a call expression calls. */
export interface Callee {
  readonly value: Value;
  /** what it is called on; undefined where it is no method */
  readonly receiver: Value;
  /** '' where it has none */
  readonly name: string;
  /** the global that a method is called on, or the called global; '' where it is none */
  readonly holder: string;
  readonly code: FunctionCode | undefined;
  readonly isFunction: boolean;
}

/** What native code did: the recorded calls that it made, and what else happened. */
export interface Native {
  readonly inner: readonly InnerCall[];
  readonly events: readonly OwnEvent[];
}

const NOTHING: Native = { inner: [], events: [] };

/** The recorded code of a function; undefined where it is native, or only its changes of objects are recorded. */
export function codeOf({ timeline: { replay } }: Traced, value: Value): FunctionCode | undefined {
  const site = value instanceof ObjectValue ? replay.heap.get(value)?.code?.site : undefined;
  const file = site ? replay.fileOf(site) : undefined;
  if (!file || file.table.level !== 'steps') return undefined;
  const index = file.code.owner[site! - file.base]!;
  return index < 0 ? undefined : { file, index };
}

/** The code of a function that stands there in the source. */
export function codeAt(
  file: LoadedFile,
  { start, end }: { readonly start: number; readonly end: number },
): FunctionCode | undefined {
  const index = file.table.functions.findIndex((site) => site.start === start && site.end === end);
  return index < 0 ? undefined : { file, index };
}

/** What a call expression calls; its callee is evaluated. */
export function calleeOf(re: Reenactment, node: CallNode): Callee {
  const inner = plain(node.type === 'TaggedTemplateExpression' ? node.tag : node.callee);
  const value = inner.type === 'Super' ? opaque : re.eval(inner);
  // what a call before it has made is known behind that call
  re.standAfter(re.next);
  const code = isFunction(inner) ? codeAt(re.run.file, inner) : codeOf(re.traced, value);
  const isFunctionValue = value instanceof ObjectValue && re.traced.reader.typeOf(value) === 'function';
  const known = { value, code, isFunction: isFunctionValue, holder: holderOf(re, inner) };
  if (inner.type === 'Super') return { ...known, receiver: opaque, name: 'super' };
  if (inner.type === 'Identifier') return { ...known, receiver: undefined, name: inner.name };
  if (inner.type !== 'MemberExpression')
    return { ...known, receiver: undefined, name: isFunction(inner) ? (inner.id?.name ?? '') : '' };
  const receiver = inner.object.type === 'Super' ? opaque : re.valueOf(inner.object);
  const key = inner.computed ? re.valueOf(inner.property) : keyText(inner.property, false);
  return { ...known, receiver, name: typeof key === 'string' ? key : '' };
}

/** What a recorded call was entered with tells what its arguments were. */
export function learnArguments(re: Reenactment, node: CallNode, given: readonly AnyNode[], call: InnerCall): void {
  if (given.every((each) => each.type !== 'SpreadElement' && re.valueOf(each) !== opaque)) return;
  const { timeline } = re.traced;
  const { table } = call.file;
  const site = table.functions[call.functionIndex]!;
  const op = table.ops[site.firstOp];
  if (op?.k !== 'enter') return;
  timeline.seekMoment(call.moment);
  timeline.replay.step();
  const act = timeline.replay.stack.at(-1);
  if (act?.serial !== call.serial) return;
  for (const [i, each] of given.entries()) {
    if (each.type === 'SpreadElement') return;
    // a tag is given the strings first
    const name = site.parameters[node.type === 'TaggedTemplateExpression' ? i + 1 : i];
    const index = op.parameters.find((variable) => table.variables[variable]!.name === name);
    const slot = index === undefined ? -1 : table.scopes[site.scope]!.variables.indexOf(index);
    if (slot >= 0) re.learn(each, act.functionScope.values[slot]);
  }
}

/** `never`: what was to be called was not. */
export function matchCall(
  re: Reenactment,
  callee: Callee,
  given: readonly AnyNode[],
  isNew: boolean,
): { readonly call: InnerCall } | Native | 'never' {
  const { code, value, name } = callee;
  if (isKnown(value) && !callee.isFunction) return re.run.from === undefined ? NOTHING : 'never';
  if (isNew || name === 'super') {
    const made = re.nextCall((each) => constructs(re, callee, each));
    return made ? { call: made } : native(re, callee, given);
  }
  if (code) {
    if (code.file.table.functions[code.index]!.generator) return NOTHING;
    const made = re.nextCall((each) => isCallOf(each, code));
    if (made) return { call: made };
    return re.run.from === undefined ? NOTHING : 'never';
  }
  const bound = boundName(re, value);
  if (bound !== undefined || (!isKnown(value) && (name.startsWith('#') || mayBeRecorded(callee, given)))) {
    const calls = re.upcoming().flatMap((each) => (each.kind === 'call' && !each.early ? [each] : []));
    // what gives an unknown function is called before it
    const first = calls.find((each) => bound !== undefined || !isGetter(each));
    if (first && nameOf(first) === (bound ?? name)) return { call: re.nextCall((each) => each === first)! };
  }
  return native(re, callee, given);
}

/** Of what `bind` made, the name of what it calls. */
function boundName({ traced }: Reenactment, value: Value): string | undefined {
  if (!(value instanceof ObjectValue) || traced.reader.typeOf(value) !== 'function') return undefined;
  const name = traced.reader.property(value, 'name')?.value;
  return typeof name === 'string' && name.startsWith('bound ') ? name.slice('bound '.length) : undefined;
}

function isGetter({ file, functionIndex }: InnerCall): boolean {
  const { kind, name } = file.table.functions[functionIndex]!;
  return kind === 'getter' || name === 'get';
}

/** Whether a call can be that of the constructor that `new` or `super` calls. */
function constructs(re: Reenactment, callee: Callee, call: InnerCall): boolean {
  const { code, value, name } = callee;
  // the code of a class that has no constructor is that of its first member
  if (code?.file.table.functions[code.index]!.kind === 'function') return isCallOf(call, code);
  if (!isConstructor(call)) return false;
  const classes = name === 'super' ? undefined : classesOf(re, value);
  return classes ? classes.some((own) => isIn(call, own)) : !isOwnName(callee);
}

/** A class of the language's, by its name. */
function isOwnName({ holder, name, value }: Callee): boolean {
  return holder === name && holder !== '' && !isKnown(value);
}

function isIn({ file, functionIndex }: InnerCall, own: ClassPlace): boolean {
  const { start, end } = file.table.functions[functionIndex]!;
  return file.hash === own.file.hash && own.node.start <= start && own.node.end >= end;
}

function isConstructor({ file, functionIndex, early }: InnerCall): boolean {
  const { kind } = file.table.functions[functionIndex]!;
  return !early && (kind === 'constructor' || kind === 'derivedConstructor');
}

export function nameOf({ file, functionIndex }: Pick<InnerCall, 'file' | 'functionIndex'>): string {
  return file.table.functions[functionIndex]!.name;
}

/** Whether a method of an unknown receiver may be one that was recorded, rather than call a function of that name. */
function mayBeRecorded({ name, receiver, holder }: Callee, given: readonly AnyNode[]): boolean {
  if (name === '' || holder !== '' || isKnown(receiver) || receiver === undefined) return false;
  return !(name in Array.prototype || name in Promise.prototype) || !given.some((each) => isFunction(plain(each)));
}

/** What happens until native code has ended: calls of the functions that it was given, changes of what it was given. */
function native(re: Reenactment, { receiver, name }: Callee, given: readonly AnyNode[]): Native {
  const inner: InnerCall[] = [];
  const events: OwnEvent[] = [];
  re.standAfter(re.next);
  if (onlyReads(re, receiver, name) && !given.some((each) => mayBeFunction(re, each))) return NOTHING;
  const own = codeOf(re.traced, receiver);
  const codes = given.flatMap((each) => {
    const node = plain(each);
    const code = isFunction(node) ? codeAt(re.run.file, node) : codeOf(re.traced, re.valueOf(node));
    return code ? [code] : [];
  });
  // `call` and `apply` call what they are called on; `require` runs the body of a file
  if (own) codes.push(own);
  if (name === 'emit' && given[0]) codes.push(...listenersOf(re, receiver, re.valueOf(given[0])));
  const upcoming = re.upcoming();
  const isInner = (call: InnerCall): boolean =>
    codes.some((code) => isCallOf(call, code)) || (name === 'require' && call.functionIndex === 0);
  const values = [receiver, ...given.map((each) => re.valueOf(each.type === 'SpreadElement' ? each.argument : each))];
  const isRelated = (event: OwnEvent): boolean => {
    if (event.code !== EventCode.mutation) return !(name in Array.prototype);
    return values.includes(event.object) || !values.every((value) => isKnown(value));
  };
  // what it calls of its own accord, such as an iterator, stands between what it was given to call
  let count = upcoming.findLastIndex((each) => each.kind === 'call' && isInner(each)) + 1;
  while (count < upcoming.length) {
    const each = upcoming[count]!;
    if (each.kind === 'call' || !isRelated(each)) break;
    count++;
  }
  for (const each of upcoming.slice(0, count)) {
    if (each.kind === 'own') events.push(each);
    else if (isInner(each)) inner.push(each);
  }
  re.next += count;
  return { inner, events };
}

/** Whether a method of an array, a Map or a Set leaves it as it is. */
function onlyReads({ traced: { timeline } }: Reenactment, receiver: Value, name: string): boolean {
  const contents = receiver instanceof ObjectValue ? timeline.replay.heap.get(receiver) : undefined;
  if (!contents || contents.properties.has(name)) return false;
  if (contents.entries) return /^(?:get|has|keys|values|entries)$/.test(name);
  return contents.elements !== undefined && Object.hasOwn(Array.prototype, name) && !CHANGING.has(name);
}

const CHANGING: ReadonlySet<string> = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin constructor'.split(' '),
);

function mayBeFunction(re: Reenactment, node: AnyNode): boolean {
  const value = re.valueOf(node);
  return value instanceof ObjectValue ? re.traced.reader.typeOf(value) === 'function' : isFunction(plain(node));
}

/** The functions that an emitter calls for a type of event. */
function listenersOf({ traced }: Reenactment, emitter: Value, type: Value): readonly FunctionCode[] {
  const { reader, timeline } = traced;
  const held = (of: Value, key: Value): Value => {
    const found = of instanceof ObjectValue && typeof key === 'string' ? reader.property(of, key)?.value : undefined;
    return found instanceof ObjectValue ? found : undefined;
  };
  const listening = held(held(emitter, '_events'), type);
  const several = listening instanceof ObjectValue ? timeline.replay.heap.get(listening)?.elements : undefined;
  // what `once` adds holds the function
  return (several ?? [listening]).flatMap(
    (each) => codeOf(traced, each as Value) ?? codeOf(traced, held(each as Value, 'listener')) ?? [],
  );
}

export interface NativeCall extends Native {
  readonly callee: Callee;
  readonly values: readonly Value[];
  /** happenings of the run before it */
  readonly before: number;
}

/** What a native function gave; opaque where it is not known. */
export function resultOf(re: Reenactment, call: NativeCall): Value {
  const { callee, values, events } = call;
  const told = events.findLast(
    ({ code, detail }) => code === EventCode.boundary && (detail === 'clock' || detail === 'random'),
  );
  if (told) return told.value;
  if (callee.holder !== '') {
    const isOwn = callee.receiver === undefined;
    if (!re.traced.reader.isPatched(callee.holder, callee.name)) {
      const value = globalCall(isOwn ? '' : callee.holder, callee.name, values);
      if (value !== opaque) return value;
    }
    return opaque;
  }
  if (isPrimitive(callee.receiver)) return methodCall(callee.receiver, callee.name, values);
  return nativeResult(re, call);
}
