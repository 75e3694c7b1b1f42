/** Contents that the boundary log refers to, with the secrets of the present environment in the places that were blanked. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isReportingName } from '../model/reporting-names.ts';
import type { Recording } from '../store/recording.ts';

const REFERENCE = /«redacted:([^»]+)»/g;

export class Contents {
  /** names of secrets that the present environment lacks */
  readonly missing = new Set<string>();
  /** names of those that were put in, by their values */
  readonly #restored = new Map<string, string>();
  readonly #blobs = new Map<string, string>();
  #files = 0;

  constructor(
    private readonly recording: Recording,
    private readonly scratch: string,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {}

  /** A text of the log, with its secrets. */
  text(text: string): string {
    return text.replaceAll(REFERENCE, (_, name: string) => this.#secret(name) ?? '');
  }

  /** Names of the secrets that were blanked out of a text. */
  secretsIn(text: string): readonly string[] {
    return [...text.matchAll(REFERENCE)].map(([, name]) => name!);
  }

  /** A text without the secrets that were put in: to be shown. */
  blanked(text: string): string {
    let blank = text;
    for (const [value, name] of this.#restored) blank = blank.replaceAll(value, `«redacted:${name}»`);
    return blank;
  }

  isSecret(text: string | undefined): boolean {
    return text !== undefined && this.blanked(text) !== text;
  }

  /** Of `{text}`, `{bytes}`, `{base64}` or `{blob}`; undefined where it was not kept. */
  bytes(reference: unknown): Buffer | undefined {
    if (typeof reference !== 'object' || reference === null) return undefined;
    const { text, bytes, base64, blob, redacted } = reference as Readonly<Record<string, unknown>>;
    if (typeof text === 'string') return Buffer.from(this.text(text));
    const found =
      typeof bytes === 'string'
        ? Buffer.from(bytes, 'latin1')
        : typeof base64 === 'string'
          ? Buffer.from(base64, 'base64')
          : typeof blob === 'string'
            ? this.recording.blob(blob)
            : undefined;
    return found && Array.isArray(redacted) ? this.#withSecrets(found, redacted as Mark[]) : found;
  }

  /** The content as a file of the scratch folder. */
  file(content: Buffer): string {
    const folder = path.join(this.scratch, 'contents');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = path.join(folder, String(this.#files++));
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** The same of what `bytes` gave for the reference; one file where it is a blob. */
  fileOf(reference: object, content: Buffer): string {
    const { blob, redacted } = reference as Readonly<Record<string, unknown>>;
    if (typeof blob !== 'string' || redacted !== undefined) return this.file(content);
    const known = this.#blobs.get(blob) ?? this.file(content);
    this.#blobs.set(blob, known);
    return known;
  }

  #secret(name: string): string | undefined {
    const value = isReportingName(name) ? '' : this.environment[name];
    if (value === undefined) this.missing.add(name);
    else if (value !== '') this.#restored.set(value, name);
    return value;
  }

  #withSecrets(blanked: Buffer, marks: readonly Mark[]): Buffer {
    const parts: Buffer[] = [];
    let at = 0;
    for (const [offset, length, name] of [...marks].sort((a, b) => a[0] - b[0])) {
      parts.push(blanked.subarray(at, offset), Buffer.from(this.#secret(name) ?? ''));
      at = offset + length;
    }
    return Buffer.concat([...parts, blanked.subarray(at)]);
  }
}

type Mark = readonly [offset: number, length: number, name: string];
