/**
 * The write-ahead journal: what is about to be done is on the disk before it is done, and how it went afterwards. An action's
 * key tells it from all others: an action that is done is not done again. One that failed may be tried again; each try has its
 * own line.
 */
import type { JournalEntry } from '../model/rollout.ts';
import type { Clock } from '../model/time.ts';
import type { Database, Row, Schema } from '../store/sqlite.ts';

const schema: Schema = {
  name: 'journal',
  steps: [
    `CREATE TABLE journal (
      id INTEGER PRIMARY KEY, key TEXT NOT NULL, rollout TEXT, action TEXT NOT NULL, detail TEXT NOT NULL,
      actor TEXT NOT NULL, intended_at INTEGER NOT NULL, result TEXT, message TEXT, finished_at INTEGER) STRICT;
    CREATE INDEX journal_of_key ON journal (key);
    CREATE UNIQUE INDEX journal_done_once ON journal (key) WHERE result = 'done';
    CREATE INDEX journal_of_rollout ON journal (rollout);
    CREATE INDEX journal_open ON journal (id) WHERE result IS NULL`,
  ],
};

export interface Intent {
  readonly key: string;
  readonly action: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly rollout?: string;
  readonly by: string;
}

export class Journal {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #written: (entry: JournalEntry) => void;

  /** `written` is told of every entry when it is intended, and again when it is finished. */
  constructor(database: Database, clock: Clock, written: (entry: JournalEntry) => void) {
    this.#database = database;
    this.#clock = clock;
    this.#written = written;
    database.use(schema);
  }

  /**
   * Writes the intent, does it, writes the result. An action of this key that is done already is not done again. Passes on
   * what `work` throws, and journals it.
   */
  async act(intent: Intent, work: () => Promise<string | void>): Promise<void> {
    if (this.#isDone(intent.key)) return;
    const id = this.#intend(intent);
    try {
      this.#finish(id, 'done', (await work()) ?? '');
    } catch (error) {
      this.#finish(id, 'failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** An action that is nothing but a change of the database: `work` and both entries are one transaction. */
  decide(intent: Intent, work: () => void = () => undefined): void {
    this.#database.transaction(() => {
      if (this.#isDone(intent.key)) return;
      const id = this.#intend(intent);
      work();
      this.#finish(id, 'done', '');
    });
  }

  /** Closes what a daemon that ended left open. Returns it, oldest first. */
  closeInterrupted(): readonly JournalEntry[] {
    const open = this.#database.all('SELECT * FROM journal WHERE result IS NULL ORDER BY id').map(toEntry);
    this.#database.transaction(() => {
      for (const { id } of open) this.#finish(id, 'interrupted', 'The daemon ended before it knew how this went.');
    });
    return open;
  }

  ofRollout(rollout: string): readonly JournalEntry[] {
    return this.#database.all('SELECT * FROM journal WHERE rollout = ? ORDER BY id', rollout).map(toEntry);
  }

  /** the newest first */
  last(limit: number): readonly JournalEntry[] {
    return this.#database.all('SELECT * FROM journal ORDER BY id DESC LIMIT ?', limit).map(toEntry);
  }

  #isDone(key: string): boolean {
    return this.#database.get("SELECT id FROM journal WHERE key = ? AND result = 'done'", key) !== undefined;
  }

  #intend({ key, action, detail = {}, rollout, by }: Intent): number {
    const id = this.#database.run(
      'INSERT INTO journal (key, rollout, action, detail, actor, intended_at) VALUES (?, ?, ?, ?, ?, ?)',
      key,
      rollout ?? null,
      action,
      JSON.stringify(detail),
      by,
      this.#clock.now(),
    );
    this.#tell(id);
    return id;
  }

  #finish(id: number, result: string, message: string): void {
    const now = this.#clock.now();
    this.#database.run(
      'UPDATE journal SET result = ?, message = ?, finished_at = ? WHERE id = ?',
      result,
      message,
      now,
      id,
    );
    this.#tell(id);
  }

  #tell(id: number): void {
    this.#written(toEntry(this.#database.get('SELECT * FROM journal WHERE id = ?', id) as Row));
  }
}

function toEntry(row: Row): JournalEntry {
  return {
    id: Number(row['id']),
    key: String(row['key']),
    ...(row['rollout'] === null ? {} : { rollout: String(row['rollout']) }),
    action: String(row['action']),
    detail: JSON.parse(String(row['detail'])) as Record<string, unknown>,
    by: String(row['actor']),
    intendedAt: Number(row['intended_at']),
    ...(row['result'] === null ? {} : { result: row['result'] as NonNullable<JournalEntry['result']> }),
    ...(row['message'] === null || row['message'] === '' ? {} : { message: String(row['message']) }),
    ...(row['finished_at'] === null ? {} : { finishedAt: Number(row['finished_at']) }),
  };
}
