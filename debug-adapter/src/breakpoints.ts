/** Where a client wants to stop, as statements of the site tables. */
import type { Activation, LoadedFile } from '../../trace-runtime/src/query/activation.ts';
import { K } from '../../trace-runtime/src/query/code.ts';
import { EventCode } from '../../trace-runtime/src/query/moments.ts';
import type { Places } from '../../trace-runtime/src/query/source-places.ts';
import type { Finder } from '../../trace-runtime/src/query/timeline.ts';
import { writes, type Watched } from './data-breakpoints.ts';
import type { RecordedThread } from './recorded-thread.ts';

/** A statement in the source that the developer wrote. */
export interface StatementPlace {
  readonly hash: string;
  readonly op: number;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface WantedLine {
  readonly line: number;
  readonly column?: number | undefined;
}

export type ExceptionFilter = 'all' | 'uncaught';

export class Breakpoints {
  private readonly byHash = new Map<string, readonly StatementPlace[]>();
  private readonly lines = new Map<string, readonly StatementPlace[]>();
  private functions: readonly StatementPlace[] = [];
  private exceptions: ReadonlySet<ExceptionFilter> = new Set();
  private watched: readonly Watched[] = [];
  /** the breakpoint on data that was met last */
  met: Watched | undefined;

  constructor(
    private readonly places: Places,
    private readonly threads: readonly RecordedThread[],
  ) {}

  /** Statements of a source, in its order. */
  statements(path: string): StatementPlace[] {
    const files = new Map(this.threads.flatMap(({ files }) => files).map((file) => [file.hash, file]));
    const found = [...files.values()].flatMap((file) => this.statementsOf(file)).filter((each) => each.path === path);
    return found.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Sets a source's breakpoints; gives where each came to stand, undefined where no statement is left in the source. */
  setLines(path: string, wanted: readonly WantedLine[]): (StatementPlace | undefined)[] {
    const statements = this.statements(path);
    const found = wanted.map(({ line, column = 0 }) =>
      statements.find((each) => each.line > line || (each.line === line && each.column >= column)),
    );
    const same = (a: StatementPlace, b: StatementPlace): boolean => a.line === b.line && a.column === b.column;
    // a source can have been loaded in several versions
    this.lines.set(
      path,
      statements.filter((each) => found.some((place) => place !== undefined && same(place, each))),
    );
    return found;
  }

  /** Breaks at the first statement of functions of these names; gives how many functions each name has. */
  setFunctions(names: readonly string[]): number[] {
    const found = names.map((name) => this.firstStatements(name));
    this.functions = found.flat();
    return found.map((places) => places.length);
  }

  setExceptions(filters: readonly ExceptionFilter[]): void {
    this.exceptions = new Set(filters);
  }

  setWatched(watched: readonly Watched[]): void {
    this.watched = watched;
  }

  /** What ends `continue` and `reverseContinue` on a thread. */
  finder(thread: RecordedThread): Finder {
    const { exceptions, watched } = this;
    this.met = undefined;
    const places = [...[...this.lines.values()].flat(), ...this.functions];
    const found = findStatements(thread, places);
    if (exceptions.size === 0 && watched.length === 0) return found;
    const failures = exceptions.size === 0 ? [] : thread.timeline.replay.failures.list;
    const uncaught = new Set(failures.map(({ moment }) => moment));
    const all = exceptions.has('all');
    return {
      // going backward, the last one found is where it stops
      statement: (activation, op) => found.statement(activation, op) && ((this.met = undefined), true),
      event: (event) => {
        const met = watched.find((each) => writes(each, event));
        if (met === undefined && !uncaught.has(event.moment) && !(all && event.code === EventCode.throw)) return false;
        this.met = met;
        return true;
      },
    };
  }

  private firstStatements(name: string): StatementPlace[] {
    const files = new Map(this.threads.flatMap(({ files }) => files).map((file) => [file.hash, file]));
    return [...files.values()].flatMap((file) => {
      const own = this.statementsOf(file);
      return file.table.functions.flatMap((site) => {
        if (site.name !== name) return [];
        const first = own.find(({ op }) => op > site.firstOp && op < site.endOp);
        return first === undefined ? [] : [first];
      });
    });
  }

  private statementsOf(file: LoadedFile): readonly StatementPlace[] {
    let statements = this.byHash.get(file.hash);
    if (statements !== undefined) return statements;
    const reader = this.threads[0]?.reader;
    const found: StatementPlace[] = [];
    const { kind, start, count } = file.code;
    for (let op = 0; op < count && reader !== undefined; op++) {
      if (kind[op] !== K.statement) continue;
      const { path, line, column } = this.places.of(reader, file, start[op]!);
      if (line !== undefined && column !== undefined) found.push({ hash: file.hash, op, path, line, column });
    }
    this.byHash.set(file.hash, (statements = found));
    return statements;
  }
}

/** Finds these statements on a thread. */
export function findStatements(thread: RecordedThread, places: readonly StatementPlace[]) {
  const sites = new Set<number>();
  for (const { hash, base } of thread.files)
    for (const place of places) if (place.hash === hash) sites.add(base + place.op);
  return { sites, statement: ({ file }: Activation, op: number): boolean => sites.has(file.base + op) };
}
