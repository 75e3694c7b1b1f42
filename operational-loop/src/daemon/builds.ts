/** What the builds of services are: a folder, known by the hash of its files or by a name that a person gave. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { inputOutput, usage } from '../../../trace-runtime/src/base/errors.ts';
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
  add(service: string, folder: string, name = hashOfFolder(folder)): string {
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
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.hindcast', 'coverage']);
const MOST_FILES = 20_000;

/** Of names and contents of the files in it; dependencies and what tools leave are left out. */
export function hashOfFolder(folder: string): string {
  const hash = createHash('sha256');
  try {
    for (const file of filesOf(folder))
      hash
        .update(`${path.relative(folder, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  } catch (error) {
    throw inputOutput(`read the build in ${folder}`, error);
  }
  return `${HASH}${hash.digest('hex').slice(0, 16)}`;
}

function filesOf(folder: string): readonly string[] {
  const found: string[] = [];
  const look = (at: string): void => {
    for (const name of readdirSync(at).toSorted()) {
      if (LEFT_OUT.has(name) || found.length >= MOST_FILES) continue;
      const each = path.join(at, name);
      const stat = statSync(each, { throwIfNoEntry: false });
      if (stat?.isDirectory()) look(each);
      else if (stat?.isFile()) found.push(each);
    }
  };
  look(folder);
  return found;
}
