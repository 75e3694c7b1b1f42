import type { SiteTable } from '../model/sites.ts';
import type { Activation, LoadedFile } from './activation.ts';
import { F, K } from './code.ts';
import type { CursorMark, WordSource } from './cursor.ts';
import { EventCode } from './moments.ts';
import type { Moment } from './moments.ts';
import { StreamState } from './stream-state.ts';
import { applyRuntime, runtimeHeader } from './runtime-records.ts';
import { applySite, executeWalked } from './site-records.ts';
import { truthy } from './derive.ts';
import { clearScope, enterScope, copyScope, leaveScope, unwindScopes } from './scopes.ts';
import { nextRound, planFinally, planLeave, reaches } from './walk.ts';
import { Pending } from './activation.ts';
import { FIRST_SITE, Runtime, Tag } from '../wire/words.ts';

export type TableLookup = (hash: string) => SiteTable | undefined;
export type SourceLookup = (hash: string) => string | undefined;

/** Called just before a statement executes, in execution order. `true` pauses the replay there. */
export type StatementVisitor = (activation: Activation, op: number) => boolean | void;

/** A place in a stream where a replay of it was: all but what its journal keeps. */
export interface ReplayMark {
  readonly moment: Moment;
  /** statements begun before it */
  readonly statements: number;
  readonly fields: Readonly<Partial<StreamReplay>>;
  readonly cursor: CursorMark;
  readonly stack: readonly Activation[];
  readonly files: readonly LoadedFile[];
  readonly standIns: number;
  /** highest id of an object defined before it */
  readonly newest: number;
}

const Phase = { read: 0, walk: 1, finally: 2, apply: 3 } as const;

/**
 * The state of one stream, moved forward through its words. The walk is lazy: what happens between two records is
 * executed when the later one is read; so at the stream's end the innermost activation stands at its last record.
 */
export class StreamReplay extends StreamState {
  private phase: number = Phase.read;
  private stopAt: Moment = 0;
  private stopWord = Infinity;
  private walker: Activation | undefined;
  private target = -1;
  /** the target is a statement that the program said it is at: it is executed too */
  private throughTarget = false;
  /** the target is a loop's jump back, where the iterator of this statement is asked for the next value; 0: it is not */
  private beginsRound = 0;
  private visitor: StatementVisitor | undefined;
  private visited = false;
  paused = false;
  /** statements begun */
  statements = 0;

  /** Where the replay is. To be gone to once its journal's changes since were taken back, or made again up to here. */
  mark(): ReplayMark {
    const fields: Record<string, unknown> = {};
    for (const name of MARKED) fields[name] = this[name as keyof this];
    return {
      moment: this.moment,
      statements: this.statements,
      fields,
      cursor: this.cursor.mark(),
      stack: this.stack.slice(),
      files: this.files.slice(),
      standIns: this.heap.standInCount,
      newest: this.heap.newest,
    };
  }

  goTo(mark: ReplayMark): void {
    Object.assign(this, mark.fields);
    this.cursor.goTo(mark.cursor);
    this.stack.splice(0, this.stack.length, ...mark.stack);
    this.files.splice(0, this.files.length, ...mark.files);
    this.heap.standInCount = mark.standIns;
    this.heap.newest = mark.newest;
    this.decoder.given = undefined;
    this.paused = false;
    // a visitor sees the statement that it stands at
    this.visited = false;
  }

  /** One visitor; state is as just before the statement. */
  onStatement(visitor: StatementVisitor | undefined): void {
    this.visitor = visitor;
  }

  /** Moves on to the moment, or until the predicate holds (asked before every event). False if the stream ended first. */
  runTo(until: Moment | ((replay: StreamReplay) => boolean)): boolean {
    if (typeof until === 'number') {
      this.run(until);
      return this.moment >= until;
    }
    while (!until(this)) if (!this.step()) return until(this);
    return true;
  }

  /** Executes one event, which `event` then describes. False at the end of the stream or where the visitor paused. */
  step(): boolean {
    const before = this.moment;
    this.run(before + 1);
    return this.moment > before;
  }

  /** Moves on until the record that begins at that word, or the first one behind it, is read next. False at the stream's end. */
  runToWord(word: number): boolean {
    this.stopWord = word;
    this.run(Infinity);
    this.stopWord = Infinity;
    return this.cursor.offset >= word;
  }

  /** To the end of the stream. */
  runToEnd(): void {
    this.run(Infinity);
  }

  /** Goes on until the event with that number is the next to be executed, and everything before it has been walked. */
  private run(limit: Moment): void {
    this.stopAt = limit;
    this.paused = false;
    // a mark may stand between a record's head and what it does
    const { journal } = this.heap;
    if (this.walker !== undefined) journal.touch(this.walker);
    if (this.recordActivation !== undefined) journal.touch(this.recordActivation);
    const top = this.stack[this.stack.length - 1];
    if (top !== undefined) journal.touch(top);
    for (;;) {
      switch (this.phase) {
        case Phase.read:
          if (this.cursor.offset >= this.stopWord || !this.readHeader()) return;
          break;
        case Phase.walk:
          if (!this.walk()) return;
          this.afterWalk();
          break;
        case Phase.finally:
          if (!this.walk()) return;
          this.phase = Phase.apply;
          break;
        default:
          if (this.moment >= this.stopAt) return;
          if (this.cursor.ended) return;
          if (this.recordFile !== undefined) applySite(this);
          else applyRuntime(this);
          this.phase = Phase.read;
      }
    }
  }

  private afterWalk(): void {
    this.phase = Phase.apply;
    const file = this.recordFile;
    const act = this.recordActivation;
    if (file === undefined) {
      if (this.recordId === Runtime.abrupt || this.recordId === Runtime.leave) this.finishFinally();
      return;
    }
    if (act === undefined || file.code.kind[this.recordOp] !== K.finally) return;
    const plan = planFinally(act, this.recordOp);
    act.pending = new Map(act.pending).set(this.recordOp, plan.pending);
    if (plan.walkTo < 0) return;
    this.walker = act;
    this.target = plan.walkTo;
    this.throughTarget = false;
    this.phase = Phase.finally;
  }

  private finishFinally(): void {
    const top = this.stack[this.stack.length - 1];
    const target = top === undefined ? -1 : planLeave(top);
    if (target < 0) return;
    this.walker = top;
    this.target = target;
    this.throughTarget = false;
    this.phase = Phase.finally;
  }

  /** Reads a record up to where its payload begins, and finds how far the walk goes first. False at the end. */
  private readHeader(): boolean {
    const word = this.cursor.next();
    if (this.cursor.ended) return false;
    this.decoder.failed = false;
    this.walker = undefined;
    this.beginsRound = 0;
    if ((word & 7) !== Tag.control) {
      this.skipValue();
      return true;
    }
    const id = word >>> 4;
    if (id >= FIRST_SITE) {
      this.siteHeader(id);
      return true;
    }
    if (this.decoder.definition(id)) return true;
    this.recordFile = undefined;
    this.recordId = id;
    const progress = runtimeHeader(this, id);
    if (progress === undefined) return true;
    if (this.cursor.ended) return false;
    if (id === Runtime.abrupt) this.dropEarly();
    this.walkTop(progress);
    this.phase = Phase.walk;
    return true;
  }

  /** Initialisers that a throw has left: whoever ends now is the one that they ran for or below it. */
  private dropEarly(): void {
    const before = this.stack.length;
    while (this.stack[this.stack.length - 1]?.early === true) this.stack.pop();
    this.leftEarly = this.stack.length < before;
  }

  private siteHeader(id: number): void {
    const file = this.fileOf(id);
    if (file === undefined) {
      this.problem(`Record ${id} belongs to no loaded file.`);
      return;
    }
    const op = id - file.base;
    this.recordFile = file;
    this.recordOp = op;
    this.phase = Phase.walk;
    const kind = file.code.kind[op];
    if (kind === K.enter || kind === K.early) {
      const progress = this.decoder.int();
      const caller = this.stack[this.stack.length - 1];
      this.recordActivation = caller;
      if (caller === undefined) return;
      this.heap.journal.touch(caller);
      this.walkToProgress(caller, progress);
      return;
    }
    const owner = file.code.owner[op]!;
    if (owner < 0) {
      if (kind === K.write) this.walkTop(this.decoder.int());
      this.recordActivation = undefined;
      return;
    }
    const top = this.stack[this.stack.length - 1];
    const act =
      top !== undefined && top.functionIndex === owner && top.file === file ? top : this.unwindTo(file, owner);
    this.recordActivation = act;
    if (act !== undefined) this.heap.journal.touch(act);
    if (kind === K.catch || kind === K.finally) {
      const progress = this.decoder.int();
      // where calls were left without a record, the progress is that of the innermost of them
      if (act !== undefined && act === top && this.isNews(act, progress)) this.walkToProgress(act, progress);
    } else if (act !== undefined) this.walkToOp(act, op);
  }

  private walkTop(progress: number): void {
    const top = this.stack[this.stack.length - 1];
    if (top === undefined) return;
    this.heap.journal.touch(top);
    this.walkToProgress(top, progress);
  }

  private walkToProgress(act: Activation, progress: number): void {
    // while parameters bind, the caller says nothing new
    if (progress === 0 || act.at === progress || act.early) return;
    if (!reaches(act, progress)) {
      const { firstOp, endOp } = act.site;
      if (progress < firstOp || progress >= endOp) return;
      const back = nextRound(act, progress);
      if (this.entersFinallyOf(progress, back)) return;
      act.at = progress;
      act.position = progress;
      if (back < 0) return;
      this.beginsRound = progress;
      this.walker = act;
      this.target = back;
      this.throughTarget = false;
      return;
    }
    this.walker = act;
    this.target = progress;
    this.throughTarget = true;
  }

  /**
   * Whether what a handler is entered with was said since the walk came to where it is. In a round whose `try` says nothing it
   * is of the loop's head or of the round before; and a return or a throw that is recorded said where it is.
   */
  private isNews(act: Activation, progress: number): boolean {
    if (act.returnedAt === act.pc || act.threwAt === act.pc) return false;
    return progress < this.recordOp && progress >= Math.min(act.pc, act.file.code.tryOf.get(this.recordOp) ?? 0);
  }

  /** A loop's own `finally` block begins in the round that runs, though nothing in it has said yet where it is. */
  private entersFinallyOf(loop: number, back: number): boolean {
    const op = this.recordOp;
    return this.recordFile?.code.kind[op] === K.finally && op > loop && op < back;
  }

  private walkToOp(act: Activation, op: number): void {
    if (act.pc === op) return;
    // asked again behind its suspension, it waits again there
    if (act.pc === op + 1 && act.file.code.kind[op] === K.suspend) return;
    if (!reaches(act, op)) {
      this.problem(`A record of ${act.site.name || 'a function'} in ${act.file.path} came out of order.`);
      act.pc = op;
      return;
    }
    this.walker = act;
    this.target = op;
    this.throughTarget = false;
  }

  /** Executes what lies between the walker's pc and the target. False where it must stop before. */
  private walk(): boolean {
    const act = this.walker;
    if (act === undefined) return true;
    const { kind, flags, next, a } = act.file.code;
    const target = this.target;
    let pc = act.pc;
    while (pc !== target) {
      switch (kind[pc]) {
        case K.statement:
          act.pc = pc;
          if (!this.statement(act, pc)) return false;
          break;
        case K.write:
        case K.set:
          if ((flags[pc]! & (F.elided | F.guarded)) === 0) break;
          act.pc = pc;
          if (this.moment >= this.stopAt) return false;
          executeWalked(this, act, pc);
          break;
        case K.numeric:
          act.numericEnd = next[pc]!;
          pc++;
          continue;
        case K.block: {
          if (act.numericEnd === 0) break;
          act.pc = pc;
          const taken = this.numericArm(act, pc);
          if (taken < 0) return false;
          if (taken > 0) {
            pc++;
            continue;
          }
          break;
        }
        case K.scope:
          enterScope(this.heap.journal, act, a[pc]!);
          break;
        case K.leave:
          leaveScope(act, a[pc]!);
          break;
        case K.copy:
          copyScope(act, a[pc]!);
          break;
        case K.endFinally: {
          const to = act.pending?.get(act.file.code.partner[pc]!) ?? Pending.none;
          pc = to >= 0 ? to : pc + 1;
          continue;
        }
        default:
      }
      pc = next[pc]!;
      if (pc === act.numericEnd) act.numericEnd = 0;
    }
    act.pc = pc;
    if (this.beginsRound > 0) {
      // statements of the round before, of which no record says anything, were walked over
      act.at = this.beginsRound;
      act.position = this.beginsRound;
      this.beginsRound = 0;
      clearScope(act, act.file.code.b[pc]!);
    }
    if (!this.throughTarget) return true;
    this.throughTarget = false;
    if (kind[pc] === K.statement) {
      if (!this.statement(act, pc)) {
        this.throughTarget = true;
        return false;
      }
      act.pc = pc + 1;
      // the scopes of a loop's head are entered before it evaluates anything
      while (kind[act.pc] === K.scope) enterScope(this.heap.journal, act, a[act.pc++]!);
    }
    act.at = pc;
    // walked through: the walk of this record is done
    this.target = act.pc;
    return true;
  }

  /** An arm in a numeric loop: 1 where it is taken, 0 where not, -1 where the replay stops before it. */
  private numericArm(act: Activation, op: number): number {
    const test = act.file.code.rules[op]?.[0];
    if (test !== undefined) {
      const truth = truthy(test(act.scope, this.heap));
      if (truth === undefined) this.problem(`A loop of ${act.site.name || 'a function'} could not be computed.`);
      if (truth !== true) return 0;
    }
    if (this.moment >= this.stopAt) return -1;
    this.count(EventCode.branch, act, act.file, op);
    return 1;
  }

  private statement(act: Activation, op: number): boolean {
    const code = act.file.code;
    const around = code.around[op]!;
    if (act.scope.scope !== around && act.scope !== act.functionScope) unwindScopes(act, around);
    act.position = op;
    if (this.visitor !== undefined && !this.visited) {
      this.visited = true;
      if (this.visitor(act, op) === true) {
        this.paused = true;
        return false;
      }
    }
    this.visited = false;
    this.statements += 1;
    const flags = code.flags[op]! & (F.progress | F.numeric);
    if (flags === F.progress || (flags === (F.progress | F.numeric) && act.numericEnd === 0)) act.at = op;
    return true;
  }
}

/** Fields that a mark holds. */
const MARKED: readonly string[] = [
  'phase',
  'walker',
  'target',
  'throughTarget',
  'beginsRound',
  'statements',
  'moment',
  'activations',
  'highestEnvironment',
  'tick',
  'exitCode',
  'recordFile',
  'recordOp',
  'recordId',
  'recordActivation',
  'resumed',
  'handover',
  'handoverReads',
  'justLeft',
  'setDown',
];

/** Opens a stream at its first word. Tables and sources are asked for by the hash that `file` records name. */
export function openStream(
  words: WordSource,
  tables: TableLookup,
  sources: SourceLookup = () => undefined,
  placed?: (path: string) => string,
): StreamReplay {
  const replay = new StreamReplay(words, tables, sources);
  if (placed) replay.placed = placed;
  return replay;
}

export { EventCode };
export type { LoadedFile };
