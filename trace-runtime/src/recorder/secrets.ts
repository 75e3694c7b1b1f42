/** Takes the values of secret environment variables out of what is recorded. */
import { secretReference, type Secret } from '../model/secret-names.ts';
import {
  OwnMap,
  NodeBuffer,
  includesString,
  joinArray,
  latin1Of,
  latin1Write,
  sliceString,
  splitString,
} from './primordials.ts';

export { SECRET_NAMES, secretsOf, type Secret } from '../model/secret-names.ts';

export interface Secrets {
  readonly any: boolean;
  /** length of the shortest and of the longest secret */
  readonly shortest: number;
  readonly longest: number;
  /** The text with a reference in place of each secret; the same text where there is none. */
  redact(text: string): string;
  /** Overwrites secrets in bytes that are about to be stored. */
  redactBytes(bytes: Uint8Array, from: number, to: number): void;
  /** names of secrets that were met, in order */
  readonly met: readonly string[];
}

export function createSecrets(secrets: readonly Secret[]): Secrets {
  const count = secrets.length;
  const seen = new OwnMap<string, boolean>();
  const met: string[] = [];
  const longest = secrets[0]?.value.length ?? 0;
  const shortest = secrets[count - 1]?.value.length ?? 0;

  function meet(name: string): void {
    if (seen.has(name)) return;
    seen.set(name, true);
    met[met.length] = name;
  }

  return {
    any: count > 0,
    shortest,
    longest,
    met,
    redact(text) {
      let result = text;
      for (let i = 0; i < count; i++) {
        const secret = secrets[i]!;
        if (result.length < secret.value.length || !includesString(result, secret.value)) continue;
        meet(secret.name);
        result = joinArray(splitString(result, secret.value), secretReference(secret.name));
      }
      return result;
    },
    redactBytes(bytes, from, to) {
      if (count === 0 || to - from < shortest) return;
      const text = latin1Of(bytes, from, to);
      for (let i = 0; i < count; i++) {
        const secret = secrets[i]!;
        const encoded = NodeBuffer.from(secret.value, 'utf8');
        const needle = latin1Of(encoded, 0, encoded.length);
        if (!includesString(text, needle)) continue;
        meet(secret.name);
        const parts = splitString(text, needle);
        let at = from;
        for (let k = 0; k < parts.length - 1; k++) {
          at += parts[k]!.length;
          latin1Write(bytes, stars(needle.length), at, needle.length);
          at += needle.length;
        }
      }
    },
  };
}

function stars(length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += '*';
  return sliceString(text, 0, length);
}
