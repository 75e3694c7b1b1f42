import { LoadedFile, type Activation, type ResultRead, type ScopeInstance } from './activation.ts';
import { compileTable } from './code.ts';
import type { Code } from './code.ts';
import { Cursor } from './cursor.ts';
import type { WordSource } from './cursor.ts';
import { Decoder } from './decoder.ts';
import { setDown } from './delegation.ts';
import { Heap } from './heap.ts';
import { EventCode } from './moments.ts';
import type { Moment } from './moments.ts';
import { ModuleLinks } from './module-links.ts';
import { Paged } from './paged.ts';
import { Problems } from './problems.ts';
import type { SiteTable } from '../model/sites.ts';
import { FailureLog } from './failures.ts';
import type { Overview } from './overview.ts';
import { RequestCases } from './request-cases.ts';
import type { Value } from './values.ts';

/** Stands for the site of changes by native code; no site has so high a number. */
export const MUTATIONS = 2 ** 29;

/** The event executed last; one object, filled anew each time. Values that its kind does not have are left over. */
export interface LastEvent {
  code: EventCode;
  /** the moment before it */
  moment: Moment;
  activation: Activation | undefined;
  file: LoadedFile | undefined;
  /** op, or 0 where it is no site's */
  op: number;
  /** the value written, returned, thrown, awaited, shown */
  value: Value;
  object: Value;
  key: Value;
  /** RUNTIME record id of mutations, kind of boundary crossings */
  detail: number | string;
  /** of a mutation that pushes, splices in, or gives all elements anew */
  items: readonly Value[] | undefined;
  /** of such a mutation: the first element that it may have changed, of bytes their offset; of a clock: which one (Clock) */
  index: number;
  /** of bytes that were changed: how many */
  length: number;
}

export interface Tick {
  readonly number: number;
  readonly cause: number;
  readonly causeTick: number;
  readonly milliseconds: number;
  readonly moment: Moment;
}

/** A case begun by a test runner or a request. */
export interface CaseFacts {
  readonly kind: 'test' | 'request';
  readonly id: number;
  readonly parent: number;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly first: Moment;
  last: Moment | undefined;
  /** an Outcome code once it ended */
  outcome: number | undefined;
  error: Value;
  /** how long it took, once it ended */
  milliseconds: number | undefined;
}

export interface FileLoad {
  readonly base: number;
  readonly count: number;
  readonly hash: string;
  readonly path: string;
  readonly how: number;
}

/** Where scopes are that are not in memory. */
export interface KeptScopes {
  scope(uid: number): ScopeInstance | undefined;
  environment(id: number): ScopeInstance | undefined;
}

/** What a stream's words have built so far. Everything here is as of `moment`; readers must not change it. */
export class StreamState {
  readonly heap = new Heap();
  readonly problems = new Problems();
  readonly decoder: Decoder;
  readonly cursor: Cursor;
  /** innermost last */
  readonly stack: Activation[] = [];
  readonly suspended = new Map<number, Activation>();
  /** scope instances by environment id */
  readonly environments = new Paged<ScopeInstance>();
  /** highest id of an environment so far */
  highestEnvironment = 0;
  /** gives scopes that are not in memory, where they are kept elsewhere */
  kept: KeptScopes | undefined;
  readonly files: LoadedFile[] = [];
  readonly links = new ModuleLinks(this.files);
  readonly failures = new FailureLog();
  readonly cases: CaseFacts[] = [];
  readonly requests = new RequestCases();
  readonly ledger: string[] = [];
  /** where a path of the recording lies now, where its project is elsewhere */
  placed: (path: string) => string = (path) => path;
  /** The stream was read to its end before: what concerns it as a whole is known. */
  settled = false;
  /** is told the sites of events, where somebody wants to know where they occur; those of native code have MUTATIONS */
  sites: { add(site: number): void } | undefined;
  /** is told what happens, where somebody wants an overview of the stream */
  overview: Overview | undefined;
  /** number of the next event */
  moment: Moment = 0;
  activations = 0;
  tick: Tick | undefined;
  exitCode: number | undefined;
  /** JSON: what the process was started with, as the boundary log has it */
  startedWith: string | undefined;
  readonly event: LastEvent = {
    code: EventCode.none,
    moment: 0,
    activation: undefined,
    file: undefined,
    op: 0,
    value: undefined,
    object: undefined,
    key: undefined,
    detail: 0,
    items: undefined,
    index: 0,
    length: 0,
  };
  /** the record being applied */
  recordFile: LoadedFile | undefined;
  recordOp = 0;
  recordId = 0;
  recordActivation: Activation | undefined;
  /** the throw whose record was read has left initialisers, which nothing recorded may have called */
  leftEarly = false;
  /** environment id that a resume record names */
  resumed = 0;
  /** whom the record just applied left waiting for what runs next, outermost first */
  handover: readonly Activation[] | undefined;
  /** what the last of them reads; where it is nothing it asks for a value */
  handoverReads: ResultRead = 0;
  /** whom the record just applied took off the stack */
  justLeft: Activation | undefined;
  /** whom the activation that left the stack last had answered, outermost first */
  setDown: readonly Activation[] = [];
  private lastFile: LoadedFile | undefined;
  /** by base: files met anywhere in the stream */
  private readonly loaded = new Map<number, LoadedFile>();
  private readonly declared = new Set<string>();
  private readonly compiled = new Map<SiteTable, Code>();

  constructor(
    words: WordSource,
    readonly tables: (hash: string) => SiteTable | undefined,
    readonly sources: (hash: string) => string | undefined,
  ) {
    this.cursor = new Cursor(words);
    this.decoder = new Decoder(
      this.cursor,
      this.heap,
      (sentence) => this.problem(sentence),
      (subject, reason) => this.declare(subject, reason),
    );
  }

  suspend(act: Activation): void {
    this.heap.journal.entry(this.suspended, act.id);
    this.suspended.set(act.id, act);
  }

  /** The suspended activation of that id, if any, is no longer. */
  forget(id: number): void {
    if (!this.suspended.has(id)) return;
    this.heap.journal.entry(this.suspended, id);
    this.suspended.delete(id);
  }

  declareLine(entry: string): void {
    if (!this.settled) this.ledger.push(entry);
  }

  /** What the recording does not tell, once each. */
  private declare(subject: string, reason: string, kind = 'not-captured'): void {
    if (this.declared.has(subject)) return;
    this.declared.add(subject);
    this.declareLine(JSON.stringify({ kind, subject, reason }));
  }

  problem(sentence: string): void {
    if (!this.settled) this.problems.add(this.moment, sentence);
  }

  fileOf(id: number): LoadedFile | undefined {
    const last = this.lastFile;
    if (last !== undefined && id >= last.base && id < last.base + last.code.count) return last;
    let low = 0;
    let high = this.files.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const file = this.files[middle]!;
      if (id < file.base) high = middle - 1;
      else if (id >= file.base + file.code.count) low = middle + 1;
      else return (this.lastFile = file);
    }
    return undefined;
  }

  fileAt(base: number): LoadedFile | undefined {
    return this.loaded.get(base);
  }

  /** All loads of files so far, as recorded, each once. */
  readonly loads: FileLoad[] = [];

  loadFile(base: number, count: number, hash: string, recorded: string, how: number): void {
    const path = this.placed(recorded);
    if (!this.settled) this.loads.push({ base, count, hash, path: recorded, how });
    let file = this.loaded.get(base);
    const table = file?.hash === hash ? file.table : this.tables(hash);
    if (table === undefined) {
      this.problem(`The recording does not hold the site table of ${path}; nothing of this file is shown.`);
      return;
    }
    if (table.ops.length !== count) {
      this.problem(`The site table of ${path} has ${table.ops.length} ops, but the program had ${count}.`);
    }
    let code = this.compiled.get(table);
    if (code === undefined) this.compiled.set(table, (code = compileTable(table)));
    if (file === undefined) {
      file = new LoadedFile(base, path, hash, how, table, code, this);
      file.era = this.heap.journal.era;
      this.loaded.set(base, file);
    } else {
      // the stream is read again
      this.heap.journal.touch(file);
      file.moduleScope = undefined;
      file.lastClosures = [];
    }
    for (const { line, reason } of table.degraded) this.declare(`${path}:${line}`, reason, 'degraded');
    let at = this.files.length;
    while (at > 0 && this.files[at - 1]!.base > base) at -= 1;
    this.files.splice(at, 0, file);
  }

  /** Leaves activations above the one of the function; undefined where there is none. */
  unwindTo(file: LoadedFile, functionIndex: number): Activation | undefined {
    let at = this.stack.length - 1;
    while (at >= 0 && !(this.stack[at]!.file === file && this.stack[at]!.functionIndex === functionIndex)) at -= 1;
    const name = file.table.functions[functionIndex]?.name ?? '';
    if (at < 0) {
      this.problem(`A record of ${name || 'a function'} in ${file.path} came while it was not running.`);
      return undefined;
    }
    this.leaveSilently(at + 1, `before a record of ${name || 'a function'} in ${file.path}`);
    return this.stack[at];
  }

  /** Leaves activations that ended without a record. The body of a file says nothing when it is left by a throw. */
  leaveSilently(length: number, when: string): void {
    const left = this.stack.splice(length);
    const lost = left.filter((act) => act.functionIndex !== 0 && !act.carried && !act.early).length;
    for (const act of left) if (act.carried) setDown(this, act);
    if (left.length > 0) this.overview?.recorder?.follow(this);
    if (lost > 0) this.problem(`${lost} calls ended without a record, ${when}.`);
  }

  /** The innermost activation of a function; bodies of files above it were left. Without any, the innermost body. */
  leaveBodies(): Activation | undefined {
    const inner = this.stack.findLastIndex(({ functionIndex }) => functionIndex !== 0);
    if (inner >= 0) this.stack.length = inner + 1;
    return this.stack[this.stack.length - 1];
  }

  /** A value stands where a record should begin. */
  skipValue(): void {
    this.cursor.back();
    this.problem('The stream holds a value where a record was expected.');
    this.decoder.value();
  }

  count(code: EventCode, activation: Activation | undefined, file: LoadedFile | undefined, op: number): LastEvent {
    const event = this.event;
    event.code = code;
    event.moment = this.moment;
    event.activation = activation;
    event.file = file;
    event.op = op;
    this.moment += 1;
    const { sites } = this;
    if (sites !== undefined) {
      if (code === EventCode.mutation) sites.add(MUTATIONS);
      else if (file !== undefined) sites.add(file.base + op);
    }
    return event;
  }

  environment(id: number): ScopeInstance | undefined {
    return this.environments.get(id) ?? this.kept?.environment(id);
  }

  /** The instances of a scope of a file that closures see. */
  environmentsOf(file: LoadedFile, scope: number): ScopeInstance[] {
    if (this.kept !== undefined) for (let id = 1; id <= this.highestEnvironment; id++) this.environment(id);
    const all = [...this.environments.entries()].map(([, each]) => each);
    return all.filter((each) => each.file === file && each.scope === scope);
  }

  scope(uid: number): ScopeInstance | undefined {
    return this.kept?.scope(uid);
  }
}
