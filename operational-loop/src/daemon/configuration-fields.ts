/**
 * The fields of the daemon's configuration, read with their checks: the first that is wrong, or that nobody asked for, is an
 * error. Documents of which the rest can still be used are read with `model/document.ts`.
 */

export class FieldError extends Error {
  constructor(
    sentence: string,
    readonly remedy: string,
  ) {
    super(sentence);
  }
}

export interface NumberField {
  readonly least?: number;
  readonly most?: number;
  /** where it is missing; without it the field is required */
  readonly usual?: number;
}

export class ConfigurationFields {
  readonly #asked = new Set<string>();
  readonly #others = new Set<string>();

  /** `place`: names of the fields that lead here, joined by dots */
  constructor(
    private readonly value: unknown,
    private readonly place: string,
  ) {}

  has(name: string): boolean {
    return this.#at(name) !== undefined;
  }

  /** Of the fields of a field. */
  names(name: string): readonly string[] {
    return this.map(name).map(([key]) => key);
  }

  text(name: string, usual: string | undefined): string {
    const found = this.#at(name) ?? usual;
    if (typeof found === 'number' || typeof found === 'boolean') return String(found);
    if (typeof found !== 'string') throw this.wrong(name, 'a text');
    return found;
  }

  optional<T>(name: string, make: (text: string) => T): T | undefined {
    return this.#at(name) === undefined ? undefined : make(this.text(name, undefined));
  }

  number(name: string, { least = -Infinity, most = Infinity, usual }: NumberField): number {
    const found = this.#at(name) ?? usual;
    if (typeof found === 'number' && found >= least && found <= most) return found;
    const range = [least > -Infinity ? `from ${least}` : '', most < Infinity ? `to ${most}` : ''].join(' ').trim();
    throw this.wrong(name, `a number ${range}`.trim());
  }

  flag(name: string, usual: boolean): boolean {
    const found = this.#at(name) ?? usual;
    if (typeof found !== 'boolean') throw this.wrong(name, 'true or false');
    return found;
  }

  oneOf<T extends string>(name: string, choices: readonly T[], usual: T): T {
    const found = this.text(name, usual);
    const choice = choices.find((each) => each === found);
    if (choice === undefined) throw this.wrong(name, `one of ${choices.join(', ')}`);
    return choice;
  }

  texts(name: string): readonly string[] {
    const found = this.#at(name) ?? [];
    if (!Array.isArray(found)) throw this.wrong(name, 'a list of texts');
    return found.map((each: unknown) => {
      if (typeof each === 'string' || typeof each === 'number') return String(each);
      throw this.wrong(name, 'a list of texts');
    });
  }

  /** A list of words, or a line that is split at its blanks. */
  command(name: string): readonly string[] {
    const found = this.#at(name);
    return typeof found === 'string' ? found.split(/\s+/).filter(Boolean) : this.texts(name);
  }

  list(name: string): readonly ConfigurationFields[] {
    const found = this.#at(name) ?? [];
    if (!Array.isArray(found)) throw this.wrong(name, 'a list');
    return found.map((each: unknown, index) => new ConfigurationFields(each, this.#path(`${name}[${index}]`)));
  }

  object(name: string): ConfigurationFields {
    return new ConfigurationFields(this.#at(name) ?? {}, this.#path(name));
  }

  map(name: string): readonly (readonly [string, ConfigurationFields])[] {
    const found = this.#at(name) ?? {};
    if (!isObject(found)) throw this.wrong(name, 'fields by name');
    return Object.entries(found).map(([key, each]) => [
      key,
      new ConfigurationFields(each, this.#path(`${name}.${key}`)),
    ]);
  }

  asNumber(): number {
    if (typeof this.value === 'number') return this.value;
    throw new FieldError(`${this.place} is not a number`, `Give a number for ${this.place}.`);
  }

  asText(): string {
    if (['string', 'number', 'boolean'].includes(typeof this.value)) return String(this.value);
    throw new FieldError(`${this.place} is not a text`, `Give a text for ${this.place}.`);
  }

  /** Fields that there are where others say so: told of, though here they are as unknown as any. */
  also(...names: readonly string[]): void {
    for (const name of names) this.#others.add(name);
  }

  /** Throws where a field is left that nobody asked for. */
  end(): void {
    if (this.value === undefined || this.value === null) return;
    if (!isObject(this.value)) throw new FieldError(`${this.place || 'it'} has no fields`, 'Give fields by name.');
    const unknown = Object.keys(this.value).find((name) => !this.#asked.has(name));
    if (unknown === undefined) return;
    const known = [...new Set([...this.#asked, ...this.#others])].toSorted().join(', ');
    throw new FieldError(`there is no field ${this.#path(unknown)}`, `Fields there are ${known}.`);
  }

  wrong(name: string, wanted: string): FieldError {
    const found = JSON.stringify(this.#at(name)) ?? 'missing';
    return new FieldError(`${this.#path(name)} is ${found}`, `Give ${wanted} for ${this.#path(name)}.`);
  }

  #at(name: string): unknown {
    this.#asked.add(name);
    return isObject(this.value) ? (this.value[name] ?? undefined) : undefined;
  }

  #path(name: string): string {
    return this.place === '' ? name : `${this.place}.${name}`;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
