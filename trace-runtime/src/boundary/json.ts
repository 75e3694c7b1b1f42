/** JSON text for details: never looks at prototypes, so neither a patched `toJSON` nor a getter can run. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };
export type Members = { readonly [key: string]: Json };

const { stringify } = JSON;
const { keys } = Object;
const { isArray } = Array;

const SHORT = 128;
const QUOTED = 4096;
let quoted = new Map<string, string>();

/** Quotes a string as JSON does. Redact first: escapes could hide a secret. Keys and paths come again and again. */
export function quote(text: string): string {
  if (text.length > SHORT) return stringify(text);
  let result = quoted.get(text);
  if (result === undefined) {
    if (quoted.size >= QUOTED) quoted = new Map();
    quoted.set(text, (result = stringify(text)));
  }
  return result;
}

/** Members that are undefined are left out; numbers that JSON lacks become strings. */
export function toJson(value: Json, text: (raw: string) => string): string {
  if (typeof value === 'string') return quote(text(value));
  if (typeof value === 'number') return value - value === 0 ? `${value}` : `"${value}"`;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null || value === undefined) return 'null';
  return isJsonArray(value) ? arrayText(value, text) : objectText(value, text);
}

function isJsonArray(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return isArray(value);
}

function arrayText(items: readonly Json[], text: (raw: string) => string): string {
  let out = '[';
  for (let i = 0; i < items.length; i++) out += (i ? ',' : '') + toJson(items[i], text);
  return `${out}]`;
}

export function objectText(members: Members, text: (raw: string) => string): string {
  return `{${membersText(members, text)}}`;
}

/** What stands between the braces. */
export function membersText(members: Members, text: (raw: string) => string): string {
  const names = keys(members);
  let out = '';
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const value = members[name];
    if (value === undefined) continue;
    out += `${out ? ',' : ''}${quote(name)}:${toJson(value, text)}`;
  }
  return out;
}
