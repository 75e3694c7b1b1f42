/** The database of decisions, signatures, configuration and the journal: SQLite as Node brings it (`node:sqlite`). */
import { createRequire } from 'node:module';
import { nodeTooOld } from '../../../trace-runtime/src/base/errors.ts';

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

/** The part of `node:sqlite`'s prepared statement that is used here. */
export interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): readonly Row[];
  iterate(...values: readonly SqlValue[]): IterableIterator<Row>;
}

interface DatabaseSync {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** One part's tables, a step a version: each step runs once for a database, in its order, and is never changed. */
export interface Schema {
  /** the part's name, such as `journal` */
  readonly name: string;
  readonly steps: readonly string[];
}

/**
 * A database in a file, private to its user. What a transaction wrote is on the disk when it returns (`synchronous=FULL` on
 * a write-ahead log); a process killed inside one leaves nothing of it.
 */
export class Database implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Statement>();
  #inTransaction = false;

  /** `file`: `:memory:` for one that is never written. Throws where this Node has no SQLite, or the file is none. */
  constructor(file: string) {
    this.#database = new (loadSqlite())(file);
    this.#database.exec(
      'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000',
    );
    this.#database.exec(
      'CREATE TABLE IF NOT EXISTS schema_version (part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT',
    );
  }

  /** Brings one part's tables up to date. Throws where a newer Hindcast has been at them. */
  use({ name, steps }: Schema): void {
    const found = Number(this.get('SELECT version FROM schema_version WHERE part = ?', name)?.['version'] ?? 0);
    if (found > steps.length) {
      throw new Error(`The tables of ${name} have version ${found}, and this Hindcast knows ${steps.length}.`);
    }
    for (const [index, step] of steps.entries()) {
      if (index < found) continue;
      this.transaction(() => {
        this.#database.exec(step);
        this.run('INSERT OR REPLACE INTO schema_version VALUES (?, ?)', name, index + 1);
      });
    }
  }

  /** `work` as one transaction: all of it or nothing. Inside another one it is a part of that. */
  transaction<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    this.#database.exec('BEGIN IMMEDIATE');
    this.#inTransaction = true;
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  run(sql: string, ...values: readonly SqlValue[]): number {
    return Number(this.#prepare(sql).run(...values).lastInsertRowid);
  }

  get(sql: string, ...values: readonly SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  all(sql: string, ...values: readonly SqlValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values);
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function loadSqlite(): new (file: string) => DatabaseSync {
  try {
    const here = createRequire(typeof __filename === 'string' ? __filename : import.meta.url);
    return (here('node:sqlite') as { readonly DatabaseSync: new (file: string) => DatabaseSync }).DatabaseSync;
  } catch {
    throw nodeTooOld('22.15', 'keep decisions: it has no SQLite');
  }
}
