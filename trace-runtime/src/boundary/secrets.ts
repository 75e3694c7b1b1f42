/**
 * Secrets never reach a file. A text that contains one keeps a reference in its place; bytes keep their length, so that
 * offsets after it stay true, and the places are listed beside them.
 */
import { secretReference, type Secret } from '../model/secret-names.ts';

const { Buffer } = globalThis;
const { from, alloc } = Buffer;
const { indexOf: indexOfBytes } = Buffer.prototype;
const encodeUri = encodeURIComponent;

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
  const needles = secrets.flatMap(formsOf);
  const met = new Set<string>();
  if (needles.length === 0) return { text: (raw) => raw, bytes: (bytes) => ({ bytes, marks: [] }), met };
  return {
    met,
    text(raw) {
      let text = raw;
      for (let i = 0; i < needles.length; i++) {
        const needle = needles[i]!;
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

/** A secret as it is, escaped in JSON, in a URL, in UTF-16, and inside base64 at each of the three alignments. */
function formsOf({ name, value }: Secret): Needle[] {
  const texts = new Set([value, JSON.stringify(value).slice(1, -1)]);
  try {
    texts.add(encodeUri(value));
  } catch {
    // A lone surrogate has no form in a URL.
  }
  const utf8 = from(value, 'utf8');
  for (let shift = 0; shift < 3 && utf8.length >= 8; shift++) {
    const padded = Buffer.concat([alloc(shift), utf8]);
    const first = shift === 0 ? 0 : 4;
    const last = Math.floor(padded.length / 3) * 4;
    const core = padded.toString('base64').slice(first, last);
    if (core.length >= 8) texts.add(core).add(core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const needles = [...texts].map((text) => ({ name, value: text, bytes: from(text, 'utf8') }));
  return [...needles, { name, value, bytes: from(value, 'utf16le') }];
}
