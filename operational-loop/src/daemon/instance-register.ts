/** What is known of instances beside their samples: what they run, since when, and where they are recorded. */
import { processLives } from '../../../trace-runtime/src/base/processes.ts';
import type { InstanceStarted } from '../api/messages.ts';
import type { ServiceImage } from '../model/service.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import type { Database, Row, Schema } from '../store/sqlite.ts';

const schema: Schema = {
  name: 'register',
  steps: [
    `CREATE TABLE registered (
      service TEXT NOT NULL, id TEXT NOT NULL, environment TEXT NOT NULL, image TEXT NOT NULL, pid INTEGER NOT NULL,
      address TEXT, recording TEXT, started INTEGER NOT NULL, ended INTEGER, PRIMARY KEY (service, id)
    ) STRICT`,
  ],
};

export interface KnownInstance {
  readonly service: string;
  readonly id: string;
  readonly environment: string;
  readonly image: ServiceImage;
  readonly pid: number;
  readonly recording: string | undefined;
  readonly startedAt: UnixMs;
  readonly endedAt: UnixMs | undefined;
}

const REMEMBERED: Milliseconds = 7 * 86_400_000;

export class InstanceRegister {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    database.use(schema);
    database.run('DELETE FROM registered WHERE ended < ?', clock.now() - REMEMBERED);
  }

  add({ service, id, environment, image, pid, address, recording }: InstanceStarted): void {
    this.database.run(
      'INSERT OR REPLACE INTO registered VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)',
      service,
      id,
      environment,
      JSON.stringify(image),
      pid,
      address ?? null,
      recording ?? null,
      this.clock.now(),
    );
  }

  ended(service: string, id: string): void {
    this.database.run('UPDATE registered SET ended = ? WHERE service = ? AND id = ?', this.clock.now(), service, id);
  }

  /** Those whose process has gone without a word have ended. */
  look(): void {
    for (const { service, id, pid } of this.running()) if (!processLives(pid)) this.ended(service, id);
  }

  find(service: string, id: string): KnownInstance | undefined {
    const row = this.database.get('SELECT * FROM registered WHERE service = ? AND id = ?', service, id);
    return row && known(row);
  }

  running(): readonly KnownInstance[] {
    return this.database.all('SELECT * FROM registered WHERE ended IS NULL ORDER BY service, started').map(known);
  }
}

function known(row: Row): KnownInstance {
  const text = (name: string): string | undefined => (typeof row[name] === 'string' ? row[name] : undefined);
  return {
    service: String(row['service']),
    id: String(row['id']),
    environment: String(row['environment']),
    image: JSON.parse(String(row['image'])) as ServiceImage,
    pid: Number(row['pid']),
    recording: text('recording'),
    startedAt: Number(row['started']),
    endedAt: row['ended'] === null ? undefined : Number(row['ended']),
  };
}
