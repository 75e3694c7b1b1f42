/**
 * What happened in a stream, call by call, as hashes: made from the words alone, without replaying them, in a tenth of the
 * time. A call's hashes are of its own events, without those of the calls that it made. Two calls of the same hashes went
 * the same way with the same values.
 */
import { Cursor, type WordSource } from '../../query/cursor.ts';
import { F, K } from '../../query/code.ts';
import { FIRST_SITE, Runtime, Tag, Clock } from '../../wire/words.ts';
import { Call, CallColumns } from './call-columns.ts';
import { FIRST_KEY, type CodeKeys, type FileKeys } from './code-keys.ts';
import { InputLog, isNoise } from './input-log.ts';
import type { RunTexts } from './texts.ts';
import { ValueHashes, mix } from './value-hashes.ts';

/** Records between two checkpoints. */
const CHECK = 1024;
/** Words between two yields. */
const PIECE = 200_000;

interface File {
  readonly base: number;
  readonly end: number;
  readonly keys: FileKeys;
}

export interface DigestOptions {
  readonly keys: CodeKeys;
  readonly side: 0 | 1;
  readonly texts: RunTexts;
  /** number of the case that is looked at; the whole stream without it */
  readonly case?: number | undefined;
}

export class CallDigest extends CallColumns {
  readonly inputs = new InputLog();
  private readonly cursor: Cursor;
  private readonly hashes: ValueHashes;
  private readonly files: File[] = [];
  private file: File | undefined;
  private readonly stack: number[] = [];
  private readonly stackFiles: File[] = [];
  /** by call on the stack: the statement of it that asked an input which differs between any two runs; 0: none */
  private readonly stackAsked: number[] = [];
  /** and the statement of its caller that called it */
  private readonly stackCallers: number[] = [];
  /** what the record being read has comes from such an input: its value does not count */
  private isAsked = false;
  /** such an input came in outside of all calls */
  private rootAsked = false;
  private readonly waiting = new Map<number, { readonly call: number; readonly file: File; readonly asked: number }>();
  private readonly ids = new Map<number, number>();
  private hash = 0;
  private other = 0;
  private isInside: boolean;

  constructor(
    words: WordSource,
    private readonly options: DigestOptions,
  ) {
    super();
    this.cursor = new Cursor(words);
    this.hashes = new ValueHashes(this.cursor, options.texts, (site) => {
      const file = this.fileOf(site);
      return file === undefined ? 0 : this.functionKey(file, file.keys.code.owner[site - file.base]!);
    });
    this.isInside = options.case === undefined;
    if (this.isInside) this.checkpoints.push({ word: 0, hash: 0, other: 0 });
  }

  /** Reads the stream; gives the words read so far. */
  *read(): Generator<number, this> {
    const { cursor } = this;
    for (let next = PIECE; ;) {
      const at = cursor.offset;
      const word = cursor.next();
      if (cursor.ended) break;
      if ((word & 7) !== Tag.control) {
        cursor.back();
        this.hashes.value();
        continue;
      }
      const id = word >>> 4;
      if (id >= FIRST_SITE) this.site(id, at);
      else if (!this.hashes.definition(id)) this.runtime(id, at);
      if (at >= next) {
        next = at + PIECE;
        yield at;
      }
    }
    for (const call of this.stack) this.ends[call] = cursor.offset;
    if (this.isInside) this.check();
    return this;
  }

  private site(id: number, at: number): void {
    const file = this.fileOf(id);
    if (file === undefined) return;
    const op = id - file.base;
    const { code, keys } = file.keys;
    const kind = code.kind[op]!;
    if (kind === K.enter || kind === K.early) return this.enter(file, op, at);
    const { hashes } = this;
    const owner = code.owner[op]!;
    const call = owner < 0 ? (this.stack[this.stack.length - 1] ?? 0) : this.unwindTo(file, owner);
    this.isAsked = owner >= 0 && this.asks(file.keys.statements[op]!);
    hashes.names = 0;
    const key = keys[op]!;
    switch (kind) {
      case K.block:
        if ((code.flags[op]! & F.environment) !== 0) hashes.int();
        return this.went(call, key);
      case K.catch:
        hashes.int();
        this.went(call, key);
        return this.had(call, key, hashes.value());
      case K.finally:
        hashes.int();
        return this.went(call, key);
      case K.exit:
        this.went(call, key);
        return this.leave(call);
      case K.return: {
        const logs = (code.flags[op]! & F.logs1) !== 0;
        const value = logs ? hashes.value() : 0;
        this.went(call, key);
        this.had(call, key, value);
        if ((code.flags[op]! & F.pending) === 0) this.leave(call);
        return;
      }
      case K.throw:
        this.went(call, key);
        return this.had(call, key, hashes.value());
      case K.suspend: {
        const value = hashes.value();
        this.went(call, key);
        this.had(call, key, value);
        this.flags[call]! |= Call.waits;
        const own = this.ids.get(call);
        if (own !== undefined) this.waiting.set(own, { call, file, asked: this.stackAsked.at(-1) ?? 0 });
        this.isAsked = false;
        return this.leave(call);
      }
      case K.closure: {
        const value = hashes.value();
        hashes.made(hashes.last, this.functionKey(file, code.partner[op]!));
        return this.had(call, key, value === 0 ? 0 : 1);
      }
      case K.this:
      case K.fields: {
        let value = hashes.value();
        for (let left = hashes.int(); left > 0 && !this.cursor.ended; left--) {
          value = mix(value, hashes.value());
          value = mix(value, hashes.value());
        }
        return this.had(call, key, value);
      }
      case K.numeric:
        return;
      case K.write: {
        if (owner < 0) hashes.int();
        const logs = (code.flags[op]! & (F.guarded | F.logs1)) !== 0;
        return this.had(call, key, logs ? hashes.value() : 0);
      }
      case K.set:
      case K.delete: {
        let value = 0;
        for (const bit of [F.logs1, F.logs2, F.logs3])
          if ((code.flags[op]! & bit) !== 0) value = mix(value, hashes.value());
        return this.had(call, key, value);
      }
      case K.value:
        return this.had(call, key, hashes.value());
      default:
    }
  }

  private enter(file: File, op: number, at: number): void {
    const { hashes } = this;
    const { code, table, edited } = file.keys;
    const flags = code.flags[op]!;
    const index = code.a[op]!;
    const site = table.functions[index]!;
    const caller = hashes.int();
    const top = this.stackFiles[this.stackFiles.length - 1];
    this.isAsked = top === undefined ? this.rootAsked : this.asks(top.keys.statements[caller] ?? 0);
    this.rootAsked &&= top !== undefined;
    if ((flags & F.outerEnvironment) !== 0) hashes.int();
    const id = code.kind[op] === K.enter && (flags & F.environment) !== 0 ? hashes.int() : 0;
    hashes.names = 0;
    let value = 0;
    if ((flags & F.this) !== 0) value = mix(value, hashes.value());
    if (code.kind[op] === K.enter && (flags & F.newTarget) !== 0) value = mix(value, hashes.value());
    for (let left = code.parameters[op]!.length; left > 0; left--) value = mix(value, hashes.value());
    if (code.kind[op] === K.enter && (flags & F.arguments) !== 0) value = mix(value, hashes.value());
    const call = ++this.calls;
    if (call >= this.parents.length) this.grow();
    const key = this.functionKey(file, index);
    const parent = this.stack.at(-1) ?? 0;
    this.functions[call] = key;
    this.parents[call] = parent;
    this.begins[call] = at;
    this.owners[call] = index;
    this.flags[call] = (edited[index] === 1 ? Call.edited : 0) | (this.isInside ? 0 : Call.outside);
    if (id !== 0 && (site.async || site.generator || index === 0)) this.ids.set(call, id);
    if (parent === 0 && this.isInside) this.turns.push(key);
    this.went(parent, key);
    this.had(call, key, value);
    this.push(call, file, 0, top?.keys.statements[caller] ?? 0);
  }

  /** Whether the innermost call's statement has asked. Another statement begins where it is another. */
  private asks(statement: number): boolean {
    const { stackAsked } = this;
    const asked = stackAsked[stackAsked.length - 1] ?? 0;
    if (asked === 0 || asked === statement) return asked !== 0;
    stackAsked[stackAsked.length - 1] = 0;
    return false;
  }

  private asksAt(op: number): boolean {
    const top = this.stackFiles[this.stackFiles.length - 1];
    return top !== undefined && this.asks(top.keys.statements[op] ?? 0);
  }

  /** An input that differs between any two runs came in while the innermost call was at the op. */
  private ask(op: number): void {
    const top = this.stackFiles[this.stackFiles.length - 1];
    if (top === undefined) this.rootAsked = true;
    else this.stackAsked[this.stackAsked.length - 1] = top.keys.statements[op] ?? 0;
  }

  private push(call: number, file: File, asked: number, caller: number): void {
    this.stack.push(call);
    this.stackFiles.push(file);
    this.stackAsked.push(asked);
    this.stackCallers.push(caller);
  }

  private leave(call: number): void {
    if (call === 0 || this.stack[this.stack.length - 1] !== call) return;
    this.stack.pop();
    this.stackFiles.pop();
    this.stackAsked.pop();
    const caller = this.stackCallers.pop()!;
    this.ends[call] = this.cursor.offset;
    if (!this.isAsked) return;
    this.flags[call]! |= Call.gaveNoise;
    if (caller !== 0 && this.stack.length > 0) this.stackAsked[this.stackAsked.length - 1] = caller;
  }

  private unwindTo(file: File, owner: number): number {
    const { stack } = this;
    for (let at = stack.length - 1; at >= 0; at--) {
      const call = stack[at]!;
      if (this.owners[call] !== owner || this.stackFiles[at] !== file) continue;
      while (stack.length > at + 1) this.leave(stack.at(-1)!);
      return call;
    }
    return 0;
  }

  private leaveAll(): void {
    while (this.stack.length > 0) this.leave(this.stack.at(-1)!);
  }

  private runtime(id: number, at: number): void {
    const { hashes } = this;
    hashes.names = 0;
    this.isAsked = false;
    switch (id) {
      case Runtime.file:
        return this.load();
      case Runtime.tick:
        for (let i = 0; i < 3; i++) hashes.int();
        hashes.value();
        return this.leaveAll();
      case Runtime.abrupt: {
        hashes.int();
        const inner = this.stack.findLastIndex((call) => this.owners[call] !== 0);
        while (inner >= 0 && this.stack.length > inner + 1) this.leave(this.stack.at(-1)!);
        const call = this.stack.at(-1) ?? 0;
        this.went(call, -id);
        return this.leave(call);
      }
      case Runtime.resume:
        return this.resume(hashes.int());
      case Runtime.output:
        hashes.int();
        this.inputs.output(hashes.int(), hashes.value());
        return;
      case Runtime.boundary: {
        const at = hashes.int();
        const kind = hashes.text();
        if (isNoise(kind)) this.ask(at);
        const detail = hashes.text();
        this.inputs.name(kind, detail, this.options.texts);
        if (this.isInside) this.inputs.add(kind, detail, this.options.texts);
        return;
      }
      case Runtime.clock: {
        this.ask(hashes.int());
        const clock = hashes.int();
        const value = hashes.plain();
        if (clock === Clock.hrtime || clock === Clock.hrtimeBigint || clock === Clock.mark) hashes.value();
        if (this.isInside) this.inputs.number('clock', value);
        return;
      }
      case Runtime.random: {
        this.ask(hashes.int());
        const value = hashes.plain();
        if (this.isInside) this.inputs.number('random', value);
        return;
      }
      case Runtime.caseStart:
        this.caseBegins(hashes.int(), at);
        hashes.int();
        hashes.value();
        hashes.value();
        hashes.int();
        return;
      case Runtime.caseEnd:
        if (hashes.int() === this.options.case) this.caseEnds();
        hashes.int();
        hashes.value();
        hashes.value();
        return;
      case Runtime.uncaught:
        this.went(0, -id);
        hashes.int();
        this.had(0, -id, hashes.value());
        return this.leaveAll();
      case Runtime.leave: {
        hashes.int();
        const call = this.stack.at(-1) ?? 0;
        this.went(call, -id);
        return this.leave(call);
      }
      case Runtime.ledger:
        hashes.int();
        hashes.value();
        return;
      case Runtime.end:
        this.went(0, -id);
        this.exitCode = hashes.int();
        return;
      case Runtime.check:
        hashes.int();
        hashes.int();
        return;
      case Runtime.activations:
        for (let i = 0; i < 3; i++) hashes.int();
        return;
      case Runtime.hashes:
      case Runtime.loopHashes: {
        let hash: number = id;
        for (let i = 0; i < 4; i++) hash = mix(hash, hashes.int());
        if (!this.isInside || id !== Runtime.loopHashes) return;
        this.loops = mix(this.loops, hash);
        this.roll(hash);
        return;
      }
      case Runtime.bytes: {
        this.isAsked = this.asksAt(hashes.int());
        const hash = mix(id, hashes.changeBytes());
        return this.had(this.stack.at(-1) ?? 0, -id, hash);
      }
      default:
        if (id < Runtime.set || id > Runtime.dateSet) return;
        this.isAsked = this.asksAt(hashes.int());
        this.mutation(id);
        return;
    }
  }

  /** Values up to the next record. */
  private mutation(id: number): void {
    const { cursor, hashes } = this;
    let hash = id;
    for (;;) {
      const word = cursor.next();
      if (cursor.ended) break;
      if ((word & 7) === Tag.control) {
        if (word >>> 4 < FIRST_SITE && hashes.definition(word >>> 4)) continue;
        cursor.back();
        break;
      }
      cursor.back();
      hash = mix(hash, hashes.value());
    }
    this.had(this.stack.at(-1) ?? 0, -id, hash);
  }

  private resume(id: number): void {
    const { hashes } = this;
    hashes.int();
    const op = hashes.int();
    const waiting = this.waiting.get(Math.abs(id));
    if (waiting === undefined) return;
    this.waiting.delete(Math.abs(id));
    const { call, file, asked } = waiting;
    const key = file.keys.keys[op] ?? 0;
    if (this.stack.length === 0) {
      if (this.isInside) this.turns.push(key);
      this.went(0, key);
    }
    this.went(call, key);
    this.push(call, file, asked, 0);
  }

  private caseBegins(id: number, at: number): void {
    if (id !== this.options.case) return;
    this.isInside = true;
    this.hash = 0;
    this.other = 0;
    this.records = 0;
    this.checkpoints.push({ word: at, hash: 0, other: 0 });
  }

  private caseEnds(): void {
    this.check();
    this.isInside = false;
  }

  private load(): void {
    const { hashes } = this;
    const base = hashes.int();
    const count = hashes.int();
    const hash = hashes.text();
    hashes.value();
    hashes.int();
    const keys = this.options.keys.of(this.options.side, hash);
    if (keys === undefined) return;
    let at = this.files.length;
    while (at > 0 && this.files[at - 1]!.base > base) at--;
    this.files.splice(at, 0, { base, end: base + count, keys });
  }

  private fileOf(site: number): File | undefined {
    const known = this.file;
    if (known !== undefined && site >= known.base && site < known.end) return known;
    let low = 0;
    let high = this.files.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const file = this.files[middle]!;
      if (site < file.base) high = middle - 1;
      else if (site >= file.end) low = middle + 1;
      else return (this.file = file);
    }
    return undefined;
  }

  private functionKey(file: File, index: number): number {
    const site = file.keys.table.functions[index];
    return site === undefined ? 0 : file.keys.keys[site.firstOp]!;
  }

  /** The call went there. What only one of the sources has is left out. */
  private went(call: number, key: number): void {
    if (key <= -FIRST_KEY || !this.isInside) return;
    this.control[call] = mix(this.control[call]!, key);
    this.roll(key);
  }

  /** The call had values there. */
  private had(call: number, key: number, value: number): void {
    if (key <= -FIRST_KEY || !this.isInside) return;
    const { names } = this.hashes;
    const hash = mix(key, this.isAsked ? 0 : value);
    this.values[call] = mix(this.values[call]!, hash);
    if (names !== 0) this.names[call] = mix(this.names[call]!, names);
    this.roll(mix(hash, names));
  }

  private roll(hash: number): void {
    this.hash = mix(this.hash, hash);
    this.other = (Math.imul(this.other, 31) + hash) | 0;
    if (++this.records % CHECK === 0 && this.isInside) this.check();
  }

  private check(): void {
    this.checkpoints.push({ word: this.cursor.offset, hash: this.hash, other: this.other });
  }
}
