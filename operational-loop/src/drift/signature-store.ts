/** The drift signature database: what drifts looked like, what became of them, and which is nearest to a new one. */
import type { DriftSignature, SignatureMatch } from '../model/drift.ts';
import type { UnixMs } from '../model/time.ts';
import type { Database, Row, Schema } from '../store/sqlite.ts';
import { SHAPE_LENGTH } from './shape.ts';

const schema: Schema = {
  name: 'signatures',
  steps: [
    `CREATE TABLE signature (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      shape BLOB NOT NULL,
      seen_at INTEGER NOT NULL,
      seen INTEGER NOT NULL,
      details TEXT NOT NULL
    ) STRICT`,
  ],
};

/** What can be said of a signature after it was seen. */
export interface SignatureNotes {
  readonly name?: string;
  readonly outcome?: string;
  readonly fix?: string;
  /** added to those that are there */
  readonly recordings?: readonly string[];
}

export type NewSignature = Omit<DriftSignature, 'id' | 'seen'>;

/** Shapes are held in memory as one matrix: 100,000 of them are 11 MB, and searched in a few milliseconds. */
export class SignatureStore {
  readonly #database: Database;
  #ids: number[] = [];
  #shapes = new Float32Array(64 * SHAPE_LENGTH);

  constructor(database: Database) {
    this.#database = database;
    database.use(schema);
    for (const row of database.all('SELECT id, shape FROM signature ORDER BY id')) {
      this.#hold(Number(row['id']), shapeFrom(row['shape'] as Uint8Array));
    }
  }

  get size(): number {
    return this.#ids.length;
  }

  add(signature: NewSignature): DriftSignature {
    const { name, shape, seenAt, ...details } = signature;
    if (shape.length !== SHAPE_LENGTH)
      throw new Error(`A shape has ${SHAPE_LENGTH} numbers, and this ${shape.length}.`);
    const id = this.#database.run(
      'INSERT INTO signature (name, shape, seen_at, seen, details) VALUES (?, ?, ?, 1, ?)',
      name,
      new Uint8Array(shape.slice().buffer),
      Math.round(seenAt),
      JSON.stringify(details),
    );
    this.#hold(id, shape);
    return { ...signature, id, seen: 1 };
  }

  /** Counts one more drift of this signature. */
  seenAgain(id: number, at: UnixMs): void {
    this.#database.run('UPDATE signature SET seen = seen + 1, seen_at = ? WHERE id = ?', Math.round(at), id);
  }

  /** Undefined where there is no such signature. */
  describe(id: number, notes: SignatureNotes): DriftSignature | undefined {
    const known = this.get(id);
    if (!known) return undefined;
    const { name, outcome, fix, recordings = [] } = notes;
    const changed: DriftSignature = {
      ...known,
      name: name ?? known.name,
      ...(outcome === undefined ? {} : { outcome }),
      ...(fix === undefined ? {} : { fix }),
      recordings: [...new Set([...known.recordings, ...recordings])],
    };
    const { id: _id, name: _name, shape: _shape, seenAt: _at, seen: _seen, ...details } = changed;
    this.#database.run(
      'UPDATE signature SET name = ?, details = ? WHERE id = ?',
      changed.name,
      JSON.stringify(details),
      id,
    );
    return changed;
  }

  get(id: number): DriftSignature | undefined {
    const row = this.#database.get('SELECT * FROM signature WHERE id = ?', id);
    return row && signatureFrom(row);
  }

  /** The last seen first. */
  all(limit = 1000): readonly DriftSignature[] {
    const rows = this.#database.all('SELECT * FROM signature ORDER BY seen_at DESC, id DESC LIMIT ?', limit);
    return rows.map(signatureFrom);
  }

  /** The nearest by the cosine of their shapes, the nearest first; none less similar than `least`. */
  nearest(shape: Float32Array, count: number, least = 0.5): readonly SignatureMatch[] {
    const best: { readonly at: number; readonly similarity: number }[] = [];
    let bar = least;
    for (let at = 0; at < this.#ids.length; at++) {
      const similarity = this.#similarity(at * SHAPE_LENGTH, shape);
      if (similarity < bar) continue;
      const place = best.findIndex((one) => one.similarity < similarity);
      best.splice(place < 0 ? best.length : place, 0, { at, similarity });
      if (best.length > count) best.pop();
      if (best.length === count) bar = Math.max(least, best.at(-1)?.similarity ?? least);
    }
    return best.map(({ at, similarity }) => {
      const id = this.#ids[at] as number;
      const name = this.#database.get('SELECT name FROM signature WHERE id = ?', id)?.['name'];
      return { signature: id, name: String(name), similarity };
    });
  }

  /** Four sums at once: the processor need not wait for one. */
  #similarity(base: number, shape: Float32Array): number {
    const shapes = this.#shapes;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let column = 0; column < SHAPE_LENGTH; column += 4) {
      a += (shapes[base + column] as number) * (shape[column] as number);
      b += (shapes[base + column + 1] as number) * (shape[column + 1] as number);
      c += (shapes[base + column + 2] as number) * (shape[column + 2] as number);
      d += (shapes[base + column + 3] as number) * (shape[column + 3] as number);
    }
    return a + b + c + d;
  }

  #hold(id: number, shape: Float32Array): void {
    const at = this.#ids.push(id) - 1;
    if ((at + 1) * SHAPE_LENGTH > this.#shapes.length) {
      const grown = new Float32Array(this.#shapes.length * 2);
      grown.set(this.#shapes);
      this.#shapes = grown;
    }
    this.#shapes.set(shape, at * SHAPE_LENGTH);
  }
}

function shapeFrom(bytes: Uint8Array): Float32Array {
  const shape = new Float32Array(bytes.slice().buffer);
  // Of a version that watched fewer signals: it cannot be compared.
  return shape.length === SHAPE_LENGTH ? shape : new Float32Array(SHAPE_LENGTH);
}

function signatureFrom(row: Row): DriftSignature {
  const details = JSON.parse(String(row['details'])) as Omit<
    DriftSignature,
    'id' | 'name' | 'shape' | 'seenAt' | 'seen'
  >;
  return {
    ...details,
    id: Number(row['id']),
    name: String(row['name']),
    shape: shapeFrom(row['shape'] as Uint8Array),
    seenAt: Number(row['seen_at']),
    seen: Number(row['seen']),
  };
}
