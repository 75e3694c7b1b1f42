/** What the builds of services are: a folder, known by the hash of its files or by a name that a person gave. */
import { usage } from '../../../trace-runtime/src/base/errors.ts';
import { buildOf } from '../api/service-image.ts';
import type { Database, Schema } from '../store/sqlite.ts';

const schema: Schema = {
  name: 'builds',
  steps: [
    `CREATE TABLE build (
      service TEXT NOT NULL, name TEXT NOT NULL, folder TEXT NOT NULL, PRIMARY KEY (service, name)
    ) STRICT`,
  ],
};

export class Builds {
  constructor(private readonly database: Database) {
    database.use(schema);
  }

  /** The build's name. Throws where the folder cannot be read, and where the name stands for another folder. */
  add(service: string, folder: string, name = buildOf(folder)): string {
    const known = this.database.get('SELECT folder FROM build WHERE service = ? AND name = ?', service, name);
    if (known && known['folder'] !== folder && !name.startsWith(HASH)) {
      throw usage(`Build ${name} of ${service} is the folder ${String(known['folder'])}, not ${folder}.`);
    }
    this.database.run('INSERT OR REPLACE INTO build VALUES (?, ?, ?)', service, name, folder);
    return name;
  }

  /** Throws where there is no such build. */
  folder(service: string, name: string): string {
    const found = this.database.get('SELECT folder FROM build WHERE service = ? AND name = ?', service, name);
    if (!found) throw usage(`There is no build ${name} of ${service}.`);
    return String(found['folder']);
  }
}

const HASH = 'sha256:';
