/**
 * Secrets never reach a file. A text that contains one keeps a reference in its place; bytes keep their length, so that
 * offsets after it stay true, and the places are listed beside them.
 */
import { secretReference, withForms, type Secret } from '../model/secret-names.ts';

const { Buffer } = globalThis;
const { from, alloc } = Buffer;
const { indexOf: indexOfBytes } = Buffer.prototype;
const encoder = new TextEncoder();

export interface Mark {
  readonly offset: number;
  readonly length: number;
  readonly name: string;
}

export interface RedactedBytes {
  readonly bytes: Uint8Array;
  readonly marks: readonly Mark[];
}

export interface Redactor {
  /** The text with a reference for each secret in it; the same text where there is none. */
  text(raw: string): string;
  /** The same bytes where there is no secret, else a copy. */
  bytes(raw: Uint8Array): RedactedBytes;
  /** Names of the secrets that were met so far. */
  readonly met: ReadonlySet<string>;
}

export function redactor(secrets: readonly Secret[]): Redactor {
  const forms = withForms(secrets);
  const needles = forms.flatMap(needleOf);
  const met = new Set<string>();
  if (needles.length === 0) return { text: (raw) => raw, bytes: (bytes) => ({ bytes, marks: [] }), met };
  return {
    met,
    text(raw) {
      let text = raw;
      for (let i = 0; i < forms.length; i++) {
        const needle = forms[i]!;
        if (text.length < needle.value.length || !text.includes(needle.value)) continue;
        met.add(needle.name);
        text = text.replaceAll(needle.value, () => secretReference(needle.name));
      }
      return text;
    },
    bytes(raw) {
      let copy: Buffer | undefined;
      const view = from(raw.buffer, raw.byteOffset, raw.byteLength);
      const marks: Mark[] = [];
      for (let i = 0; i < needles.length; i++) {
        const { name, bytes } = needles[i]!;
        for (let at = find(copy ?? view, bytes, 0); at >= 0; at = find(copy ?? view, bytes, at + bytes.length)) {
          met.add(name);
          if (!copy) {
            copy = alloc(view.length);
            copy.set(view);
          }
          copy.fill(42, at, at + bytes.length);
          marks.push({ offset: at, length: bytes.length, name });
        }
      }
      return { bytes: copy ?? raw, marks };
    },
  };
}

const find = (hay: Buffer, needle: Buffer, start: number): number => Reflect.apply(indexOfBytes, hay, [needle, start]);

interface Needle {
  readonly name: string;
  readonly value: string;
  readonly bytes: Buffer;
}

/** In UTF-8 and, as it is, in UTF-16. Not by Buffer.from: its pool is the program's too. */
function needleOf({ name, value }: Secret): readonly Needle[] {
  const wide = new Uint8Array(Uint16Array.from(value, (unit) => unit.charCodeAt(0)).buffer);
  return [
    { name, value, bytes: asBuffer(encoder.encode(value)) },
    { name, value, bytes: asBuffer(wide) },
  ];
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => from(buffer, byteOffset, byteLength);
