/**
 * Reads documents that others write for several tools (OpenSLO, workloads, catalogues; parsed YAML or JSON): what is not as it
 * should be is noted, and the rest is read. The daemon's own configuration is strict: `daemon/configuration-fields.ts`.
 */

export interface Problem {
  readonly file: string;
  /** such as `SLO checkout, spec.objectives[0].target` */
  readonly where: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A place in a document. Reading what is missing or of another type gives undefined; `want…` notes it as a problem. */
export class DocumentPlace {
  readonly value: unknown;
  readonly where: string;
  readonly #note: (where: string, message: string) => void;

  constructor(value: unknown, where: string, note: (where: string, message: string) => void) {
    this.value = value;
    this.where = where;
    this.#note = note;
  }

  get present(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  at(field: string): DocumentPlace {
    const inside = isFields(this.value) ? this.value[field] : undefined;
    return new DocumentPlace(inside, this.where === '' ? field : `${this.where}.${field}`, this.#note);
  }

  items(): readonly DocumentPlace[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((item: unknown, i) => new DocumentPlace(item, `${this.where}[${i}]`, this.#note));
  }

  text(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  number(): number | undefined {
    return typeof this.value === 'number' && Number.isFinite(this.value) ? this.value : undefined;
  }

  wantText(): string | undefined {
    return this.text() ?? this.problem(this.present ? 'is no text' : 'is missing');
  }

  wantNumber(): number | undefined {
    return this.number() ?? this.problem(this.present ? 'is no number' : 'is missing');
  }

  /** One of the names; `fallback` where nothing is said. */
  oneOf<T extends string>(names: readonly T[], fallback?: T): T | undefined {
    if (!this.present && fallback !== undefined) return fallback;
    return names.find((name) => name === this.value) ?? this.problem(`is none of ${names.join(', ')}`);
  }

  problem(message: string): undefined {
    this.#note(this.where, message);
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
