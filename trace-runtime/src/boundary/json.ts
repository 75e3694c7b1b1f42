/** JSON text for details: never looks at prototypes, so neither a patched `toJSON` nor a getter can run. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };
export type Members = { readonly [key: string]: Json };

const { stringify } = JSON;
const { keys } = Object;
const { isArray } = Array;
const charCodeAt = Function.prototype.bind.bind(Function.prototype.call)(String.prototype.charCodeAt) as (
  text: string,
  at: number,
) => number;

/** Longer strings are quoted each time: to look them up takes as long. */
const SHORT = 64;
/** Strings quoted last, by their length and a few of their units: a power of two. */
const SLOTS = 1024;

/**
 * Writes what stands between an object's braces. Members that are undefined are left out; numbers that JSON lacks become
 * strings. `redacted` takes secrets out of a string before it is quoted: escapes could hide one.
 */
export function membersWriter(redacted: (raw: string) => string): (members: Members) => string {
  const known: string[] = Array.from({ length: SLOTS }, () => '');
  const quoted: string[] = Array.from({ length: SLOTS }, () => '""');

  /** Keys, kinds and paths come again and again. */
  function quote(text: string): string {
    const { length } = text;
    if (length > SHORT) return stringify(text);
    if (length === 0) return '""';
    const slot = slotOf(text, length);
    if (known[slot] === text) return quoted[slot]!;
    known[slot] = text;
    return (quoted[slot] = stringify(text));
  }

  function valueText(value: Json): string {
    if (typeof value === 'string') return quote(redacted(value));
    if (typeof value === 'number') return value - value === 0 ? `${value}` : `"${value}"`;
    if (typeof value === 'boolean') return value ? 'true' : 'false';
    if (value === null || value === undefined) return 'null';
    return isJsonArray(value) ? arrayText(value) : `{${membersText(value)}}`;
  }

  function arrayText(items: readonly Json[]): string {
    let out = '[';
    for (let i = 0; i < items.length; i++) out += (i ? ',' : '') + valueText(items[i]);
    return `${out}]`;
  }

  function membersText(members: Members): string {
    const names = keys(members);
    let out = '';
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!;
      const value = members[name];
      if (value === undefined) continue;
      out += `${out === '' ? '' : ','}${quote(name)}:${valueText(value)}`;
    }
    return out;
  }

  return membersText;
}

function slotOf(text: string, length: number): number {
  const hash = (((length * 33 + charCodeAt(text, 0)) * 33 + charCodeAt(text, length >> 1)) * 33) | 0;
  const end = charCodeAt(text, length - 1) + charCodeAt(text, length > 1 ? length - 2 : 0) * 33;
  return (hash + end) & (SLOTS - 1);
}

function isJsonArray(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return isArray(value);
}
