/** Incidents and their timelines, kept in SQLite. */
import type { Incident, IncidentEvent, IncidentEventKind } from '../model/objective.ts';
import type { UnixMs } from '../model/time.ts';
import type { Database, Row, Schema } from '../store/sqlite.ts';

const schema: Schema = {
  name: 'incidents',
  steps: [
    `CREATE TABLE incident (
       id INTEGER PRIMARY KEY,
       service TEXT NOT NULL,
       title TEXT NOT NULL,
       severity TEXT NOT NULL,
       objective TEXT
     ) STRICT;
     CREATE TABLE incident_event (
       incident INTEGER NOT NULL REFERENCES incident (id),
       time INTEGER NOT NULL,
       kind TEXT NOT NULL,
       text TEXT NOT NULL,
       by TEXT NOT NULL,
       link TEXT
     ) STRICT;
     CREATE INDEX incident_event_by_incident ON incident_event (incident, time)`,
  ],
};

export interface NewIncident {
  readonly service: string;
  readonly title: string;
  readonly severity: Incident['severity'];
  readonly objective?: string;
}

/** The timeline only grows: an incident's state is what its events say. */
export class IncidentStore {
  readonly #database: Database;

  /** The database stays its owner's to dispose. */
  constructor(database: Database) {
    this.#database = database;
    database.use(schema);
  }

  open(incident: NewIncident, event: Omit<IncidentEvent, 'kind'>): Incident {
    const id = this.#database.transaction(() => {
      const created = this.#database.run(
        'INSERT INTO incident (service, title, severity, objective) VALUES (?, ?, ?, ?)',
        incident.service,
        incident.title,
        incident.severity,
        incident.objective ?? null,
      );
      this.add(created, { ...event, kind: 'opened' });
      return created;
    });
    return this.get(id)!;
  }

  add(id: number, { time, kind, text, by, link }: IncidentEvent): void {
    this.#database.run(
      'INSERT INTO incident_event (incident, time, kind, text, by, link) VALUES (?, ?, ?, ?, ?, ?)',
      id,
      Math.round(time),
      kind,
      text,
      by,
      link ?? null,
    );
  }

  get(id: number): Incident | undefined {
    const row = this.#database.get('SELECT * FROM incident WHERE id = ?', id);
    return row && this.#incidentOf(row);
  }

  /** The newest first. */
  list(service?: string): readonly Incident[] {
    const rows =
      service === undefined
        ? this.#database.all('SELECT * FROM incident ORDER BY id DESC')
        : this.#database.all('SELECT * FROM incident WHERE service = ? ORDER BY id DESC', service);
    return rows.map((row) => this.#incidentOf(row));
  }

  /** The open incident of an objective, so that one alert does not open two. */
  openFor(objective: string): Incident | undefined {
    return this.#database
      .all('SELECT * FROM incident WHERE objective = ? ORDER BY id DESC', objective)
      .map((row) => this.#incidentOf(row))
      .find(({ state }) => state !== 'resolved');
  }

  #incidentOf(row: Row): Incident {
    const timeline = this.#database
      .all('SELECT * FROM incident_event WHERE incident = ? ORDER BY time, rowid', row['id'] as number)
      .map(eventOf);
    const objective = row['objective'];
    return {
      id: Number(row['id']),
      service: String(row['service']),
      title: String(row['title']),
      severity: row['severity'] === 'page' ? 'page' : 'ticket',
      ...stateOf(timeline),
      ...(objective === null || objective === undefined ? {} : { objective: String(objective) }),
      timeline,
    };
  }
}

/** What a timeline says of an incident's state. A later `reopened` undoes what came before it. */
export function stateOf(
  timeline: readonly IncidentEvent[],
): Pick<Incident, 'state' | 'openedAt' | 'mitigatedAt' | 'resolvedAt'> {
  let mitigatedAt: UnixMs | undefined;
  let resolvedAt: UnixMs | undefined;
  for (const { kind, time } of timeline) {
    if (kind === 'mitigated') mitigatedAt ??= time;
    else if (kind === 'resolved') resolvedAt ??= time;
    else if (kind === 'reopened') mitigatedAt = resolvedAt = undefined;
  }
  return {
    state: resolvedAt !== undefined ? 'resolved' : mitigatedAt !== undefined ? 'mitigated' : 'open',
    openedAt: timeline[0]?.time ?? 0,
    ...(mitigatedAt === undefined ? {} : { mitigatedAt }),
    ...(resolvedAt === undefined ? {} : { resolvedAt }),
  };
}

function eventOf(row: Row): IncidentEvent {
  const event = {
    time: Number(row['time']),
    kind: String(row['kind']) as IncidentEventKind,
    text: String(row['text']),
    by: String(row['by']),
  };
  return row['link'] === null ? event : { ...event, link: String(row['link']) };
}
