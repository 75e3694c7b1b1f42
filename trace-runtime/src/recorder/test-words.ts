/** For tests: a recorder over plain memory, and its words as text. Small and slow; the real reader is elsewhere. */
import vm from 'node:vm';
import { createRecorder, type Recorder, type RecorderOptions } from './recorder.ts';
import { FIRST_SITE, FIRST_WORD, HEADROOM, ObjectKind, Runtime, Slot, Special, Tag } from '../wire/words.ts';

export interface Bench {
  readonly recorder: Recorder;
  /** the words array */
  readonly words: Int32Array;
  /** records so far, definitions applied, ticks left out: `12:hello,3` or `push:1,#2,…` */
  records(): string[];
  /** what an object's last definition said, as text */
  object(id: number): string;
  /** all of the stream */
  stream(): number[];
  /** calls a hook by its key */
  hook(key: string, ...values: readonly unknown[]): unknown;
  /** control word of a site */
  site(op: number): number;
}

export function bench(options: RecorderOptions & { readonly size?: number } = {}): Bench {
  const words = new Int32Array(options.size ?? 4096);
  const taken: number[] = [];
  const drain = (): void => {
    for (let i = FIRST_WORD; i < words[Slot.position]!; i++) taken.push(words[i]!);
    words[Slot.position] = FIRST_WORD;
    words[Slot.limit] = words.length - HEADROOM;
  };
  words[Slot.position] = FIRST_WORD;
  words[Slot.limit] = words.length - HEADROOM;
  words[Slot.progress] = 1;
  const transport = { words, drain, flush: drain, survivesKill: true, close: drain, stream: 'test' };
  const recorder = createRecorder(transport, { process: false, ...options });
  const stream = (): number[] => {
    drain();
    return taken;
  };
  return {
    recorder,
    words,
    stream,
    records: () => decode(stream()).records,
    object: (id) => decode(stream()).objects.get(id) ?? 'undefined',
    hook: (key, ...values) => (recorder.hooks[key] as (...list: readonly unknown[]) => unknown)(...values),
    site: (op) => ((FIRST_SITE + op) << 4) | Tag.control,
  };
}

/** A vm context with the recorder's hooks and replaced builtins. */
export function realmOf(recorder: Recorder): (code: string) => unknown {
  const context = vm.createContext({});
  const run = (code: string): unknown => vm.runInContext(code, context);
  recorder.installRealm(run, false);
  return run;
}

const runtimeNames = new Map(Object.entries(Runtime).map(([name, id]) => [id as number, name]));
const kindNames = new Map(Object.entries(ObjectKind).map(([name, id]) => [id as number, name]));
const specialNames = new Map(Object.entries(Special).map(([name, id]) => [id as number, name]));

export function decode(stream: readonly number[]): { records: string[]; objects: Map<number, string> } {
  const strings = new Map<number, string>();
  const symbols = new Map<number, string>();
  const objects = new Map<number, string>();
  const records: string[] = [];
  let at = 0;
  let open: string[] | undefined;

  const next = (): number => {
    if (at >= stream.length) throw new Error('the stream ends in a value');
    return stream[at++]!;
  };
  const int = (): number => {
    const word = next();
    if ((word & 1) !== 0) throw new Error(`no int at word ${at - 1}: ${word.toString(16)}`);
    return word >> 1;
  };
  const bytes = (length: number): Buffer => {
    const whole = (length + 3) >> 2;
    const copy = Int32Array.from(stream.slice(at, at + whole));
    at += whole;
    return Buffer.from(copy.buffer).subarray(0, length);
  };
  const text = (id: number): string => {
    const found = strings.get(id);
    if (found === undefined) throw new Error(`string ${id} is not defined`);
    return found;
  };

  function definition(id: number): boolean {
    if (id === Runtime.defString) {
      const [string, length, wide] = [int(), int(), int()];
      strings.set(string, bytes(wide ? length * 2 : length).toString(wide ? 'utf16le' : 'latin1'));
    } else if (id === Runtime.defSubstring) {
      const [string, parent, start, length] = [int(), int(), int(), int()];
      strings.set(string, text(parent).slice(start, start + length));
    } else if (id === Runtime.defConcat) {
      const [string, left, right] = [int(), int(), int()];
      strings.set(string, text(left) + text(right));
    } else if (id === Runtime.defSymbol) {
      const symbol = int();
      symbols.set(symbol, `${value()}/${int()}`);
    } else if (id === Runtime.defObject) defObject();
    else if (id === Runtime.defBytes) {
      const buffer = value();
      records.push(`part of ${buffer} at ${int()}: ${bytes(int()).toString('hex')}`);
    } else if (id === Runtime.defParsed) {
      const parsed = value();
      value();
      value();
      records.push(`#${int()} is parsed from ${parsed}`);
    } else return false;
    return true;
  }

  function defObject(): void {
    const id = int();
    const kind = int();
    const flags = int();
    const prototype = value();
    const name = value();
    const payload: string[] = [];
    const list = (count: number): void => {
      for (let i = 0; i < count; i++) payload.push(value());
    };
    const K = ObjectKind;
    if (kind === K.array || kind === K.arguments || kind === K.set) list(int());
    else if (kind === K.map) list(int() * 2);
    else if (kind === K.function) list(4);
    else if (kind === K.typedArray || kind === K.dataView) list(3);
    else if (kind === K.regexp || kind === K.proxy) list(2);
    else if (kind === K.error || kind === K.date || kind === K.boxed || kind === K.intrinsic) list(1);
    else if (kind === K.arrayBuffer) payload.push(bytes(int()).toString('hex'));
    const count = int();
    const properties: string[] = [];
    for (let i = 0; i < count; i++) {
      const key = value();
      const contents = value();
      const attributes = int();
      properties.push(`${key}=${contents}${attributes === 7 ? '' : `!${attributes}`}`);
    }
    const shown = `${kindNames.get(kind)}${flags ? `/${flags}` : ''}(${payload.join(',')}){${properties.join(',')}}`;
    objects.set(id, `${name}^${prototype} ${shown}`);
  }

  function value(): string {
    for (;;) {
      const word = next();
      if ((word & 1) === 0) return String(word >> 1);
      if ((word & 7) === Tag.object) return `#${word >>> 3}`;
      if ((word & 7) === Tag.string) return text(word >>> 3);
      if ((word & 7) === Tag.special) return special(word >>> 3);
      if (!definition(word >>> 4)) throw new Error(`a record where a value belongs, at word ${at - 1}`);
    }
  }

  function special(code: number): string {
    if (code === Special.double) {
      const halves = Int32Array.of(next(), next());
      return String(new Float64Array(halves.buffer)[0]);
    }
    if (code === Special.bigint) return `${value()}n`;
    if (code === Special.symbol) return `@${symbols.get(int())}`;
    if (code === Special.accessor) return `get ${value()} set ${value()}`;
    return String(specialNames.get(code));
  }

  while (at < stream.length) {
    const word = stream[at]!;
    if ((word & 7) !== Tag.control) {
      if (!open) throw new Error(`a value before any record, at word ${at}`);
      open.push(value());
      continue;
    }
    at++;
    const id = word >>> 4;
    if (definition(id)) continue;
    if (open) records.push(open.join(','));
    if (id === Runtime.bytes) {
      open = ['bytes', String(int()), value(), String(int())];
      open.push(bytes(int()).toString('hex'));
    } else open = [id >= FIRST_SITE ? String(id - FIRST_SITE) : (runtimeNames.get(id) ?? '?')];
  }
  if (open) records.push(open.join(','));
  return {
    records: records.map((record) => record.replace(/^([^,]*),/, '$1:')).filter((r) => !r.startsWith('tick:')),
    objects,
  };
}
