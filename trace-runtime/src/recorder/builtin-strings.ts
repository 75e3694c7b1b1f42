/** String.prototype's methods whose results are parts of a string: they are remembered as such and never copied. */
import type { Callable, Realm } from './builtins.ts';
import { apply, uncurry } from './primordials.ts';
import { TINY } from './strings.ts';

type Cut = (self: unknown, a: unknown, b: unknown) => string;

export function replaceStringMethods(realm: Realm): void {
  const prototype = realm.find('String.prototype');
  const note = realm.parts.strings.noteSubstring;
  const cut = (original: Callable): Cut =>
    uncurry(original as (this: unknown, a: unknown, b: unknown) => string) as Cut;

  realm.replace(prototype, 'slice', (original) => {
    const slice = cut(original);
    return {
      slice(this: unknown, start: unknown, end: unknown): string {
        const part = slice(this, start, end);
        if (part.length > TINY && typeof this === 'string') noteFrom(this, part, start);
        return part;
      },
    };
  });
  realm.replace(prototype, 'substr', (original) => {
    const substr = cut(original);
    return {
      substr(this: unknown, start: unknown, length: unknown): string {
        const part = substr(this, start, length);
        if (part.length > TINY && typeof this === 'string') noteFrom(this, part, start);
        return part;
      },
    };
  });
  realm.replace(prototype, 'substring', (original) => {
    const substring = cut(original);
    return {
      substring(this: unknown, start: unknown, end: unknown): string {
        const part = substring(this, start, end);
        if (part.length > TINY && typeof this === 'string') noteBetween(this, part, start, end);
        return part;
      },
    };
  });
  const trimStart = uncurry(String.prototype.trimStart);
  for (const key of ['trim', 'trimStart', 'trimEnd'] as const) {
    realm.replace(prototype, key, (original) => ({
      [key](this: unknown): string {
        const part = apply(original, this, []) as string;
        if (part.length > TINY && typeof this === 'string') {
          note(part, this, key === 'trimEnd' ? 0 : this.length - trimStart(this).length);
        }
        return part;
      },
    }));
  }

  function noteFrom(whole: string, part: string, start: unknown): void {
    if (start === undefined) return note(part, whole, 0);
    if (typeof start !== 'number') return;
    const from = start | 0;
    note(part, whole, from >= 0 ? from : whole.length + from < 0 ? 0 : whole.length + from);
  }

  function noteBetween(whole: string, part: string, start: unknown, end: unknown): void {
    const from = typeof start === 'number' ? clamp(start, whole.length) : start === undefined ? 0 : -1;
    const to = typeof end === 'number' ? clamp(end, whole.length) : end === undefined ? whole.length : -1;
    if (from >= 0 && to >= 0) note(part, whole, from < to ? from : to);
  }
}

function clamp(value: number, length: number): number {
  return value > 0 ? (value < length ? value | 0 : length) : 0;
}
