/**
 * Alerts as they begin and end, kept in the database. One that leads to nothing time after time becomes a log line: whoever is
 * told of what does not matter soon does not look at what does.
 */
import type { Alert, Exemplar } from '../api/messages.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import type { Database, Schema } from '../store/sqlite.ts';

const schema: Schema = {
  name: 'alerts',
  steps: [
    `CREATE TABLE alert (
      id INTEGER PRIMARY KEY, subject TEXT NOT NULL, since INTEGER NOT NULL, ended INTEGER, acknowledged TEXT,
      content TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alert_open ON alert (ended, since)`,
    `ALTER TABLE alert ADD COLUMN topic TEXT NOT NULL DEFAULT '';
    ALTER TABLE alert ADD COLUMN acted INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX alert_topic ON alert (topic, ended)`,
  ],
};

export type NewAlert = Omit<Alert, 'id' | 'severity' | 'since' | 'endedAt' | 'acknowledgedBy' | 'exemplars'> & {
  readonly severity: 'page' | 'ticket';
  readonly since?: UnixMs;
  /** what it has in common with others of its kind; its subject unless given */
  readonly topic?: string;
  readonly exemplars?: readonly Exemplar[];
};

/** How long an alert that ended is still shown. */
const SHOWN: Milliseconds = 24 * 3_600_000;
const MOST = 200;
/** so many of a topic in a row that led to nothing, within so long, make the next one a log line */
const IN_VAIN = 3;
const REMEMBERED: Milliseconds = 30 * 24 * 3_600_000;
/** An error budget that burns and a rollback are never a log line. */
const ALWAYS_TOLD: ReadonlySet<Alert['kind']> = new Set<Alert['kind']>(['burn', 'rollback']);

export class AlertBook {
  /** open ones by what they are about */
  readonly #open = new Map<string, Alert>();
  readonly #listeners = new Set<(alert: Alert) => void>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    database.use(schema);
    for (const row of database.all('SELECT * FROM alert WHERE ended IS NULL')) {
      this.#open.set(String(row['subject']), JSON.parse(String(row['content'])) as Alert);
    }
  }

  /**
   * Opens an alert about a subject, or says of the open one how it stands now. `subject`: tells it from all others, such as
   * `threshold/shop/latencyP99`.
   */
  raise(subject: string, { topic = subject, ...alert }: NewAlert): void {
    const known = this.#open.get(subject);
    const exemplars = alert.exemplars ?? known?.exemplars ?? [];
    if (known) {
      if (known.text !== alert.text || exemplars.length !== known.exemplars.length)
        this.#save(subject, { ...known, ...alert, severity: known.severity, exemplars });
      return;
    }
    const since = alert.since ?? this.clock.now();
    const severity = !ALWAYS_TOLD.has(alert.kind) && this.#isInVain(topic) ? 'log' : alert.severity;
    const insert = 'INSERT INTO alert (subject, topic, since, content) VALUES (?, ?, ?, ?)';
    const id = this.database.run(insert, subject, topic, since, '{}');
    const opened: Alert = {
      ...alert,
      severity,
      id: `alert-${id}`,
      since,
      endedAt: undefined,
      acknowledgedBy: undefined,
      exemplars,
    };
    this.#save(subject, opened);
    for (const listener of this.#listeners) listener(opened);
  }

  /** Whether an alert about the subject is open. */
  has(subject: string): boolean {
    return this.#open.has(subject);
  }

  /** What the subject's alert is about is over. */
  end(subject: string): void {
    const known = this.#open.get(subject);
    if (!known) return;
    this.#save(subject, { ...known, endedAt: this.clock.now() });
    this.#open.delete(subject);
  }

  /** Ends those whose subject begins with `prefix` and is not among `subjects`. */
  endOthers(prefix: string, subjects: ReadonlySet<string>): void {
    for (const subject of Array.from(this.#open.keys())) {
      if (subject.startsWith(prefix) && !subjects.has(subject)) this.end(subject);
    }
  }

  addExemplars(subject: string, exemplars: readonly Exemplar[]): void {
    const known = this.#open.get(subject);
    if (known && exemplars.length > 0) this.#save(subject, { ...known, exemplars });
  }

  /** A person has taken note: nobody else needs to be told. Throws where there is no such alert. */
  acknowledge(id: string, by: string): void {
    const found = this.list().find((alert) => alert.id === id);
    if (!found) throw new Error(`There is no alert ${id}.`);
    const subject = [...this.#open].find(([, alert]) => alert.id === id)?.[0];
    if (subject === undefined) return;
    this.#save(subject, { ...found, acknowledgedBy: by });
    // what it is about is past: it was open for people only
    if (found.kind === 'rollback') this.end(subject);
  }

  /** Something is done about the service: what is open of it is not in vain. */
  acted(service: string): void {
    for (const alert of this.#open.values()) {
      if (alert.service === service) this.database.run('UPDATE alert SET acted = 1 WHERE id = ?', numberOf(alert));
    }
  }

  /** Open ones first, the latest first. */
  list(): readonly Alert[] {
    const rows = this.database.all(
      'SELECT content FROM alert WHERE ended IS NULL OR ended > ? ORDER BY ended IS NOT NULL, since DESC, id DESC LIMIT ?',
      this.clock.now() - SHOWN,
      MOST,
    );
    return rows.map((row) => JSON.parse(String(row['content'])) as Alert);
  }

  onOpen(listener: (alert: Alert) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  #isInVain(topic: string): boolean {
    const last = this.database.all(
      'SELECT acknowledged, acted FROM alert WHERE topic = ? AND ended > ? ORDER BY ended DESC LIMIT ?',
      topic,
      this.clock.now() - REMEMBERED,
      IN_VAIN,
    );
    return last.length === IN_VAIN && last.every(({ acknowledged, acted }) => acknowledged === null && acted === 0);
  }

  #save(subject: string, alert: Alert): void {
    this.#open.set(subject, alert);
    this.database.run(
      'UPDATE alert SET content = ?, ended = ?, acknowledged = ? WHERE id = ?',
      JSON.stringify(alert),
      alert.endedAt ?? null,
      alert.acknowledgedBy ?? null,
      numberOf(alert),
    );
  }
}

function numberOf({ id }: Alert): number {
  return Number(id.slice('alert-'.length));
}
