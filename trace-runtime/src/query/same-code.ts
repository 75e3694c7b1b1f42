/** Finds what a piece of compiled code was written as: both texts are read side by side. */
import { afterType } from './type-text.ts';

/** The part of `written` that says what `loaded` says from `skip` on, both from the same place on. */
export function sameCode(loaded: string, skip: number, written: string): string | undefined {
  let at = 0;
  let open = 0;
  let began = skip === 0 ? 0 : -1;
  for (let i = 0; i < loaded.length;) {
    const [put = ''] = PUT_IN.exec(loaded.slice(i, i + 50)) ?? [];
    i += put.length;
    if (put !== '') continue;
    let same: Alike | undefined;
    for (let passed = -1; passed !== at;) {
      passed = at;
      while (/\s/.test(written[at] ?? '')) at++;
      if (i >= skip && began < 0) began = at;
      same = alike(loaded, i, written, at);
      if (same) break;
      const extra = afterExtra(loaded[i]!, written, at);
      at = extra ?? at;
      if (extra !== undefined) continue;
      if (written[at] === '(') open++;
      else if (written[at] === ')' && open > 0) open--;
      else return undefined;
      at++;
    }
    if (!same) return undefined;
    i += same.loaded;
    at += same.written;
  }
  if (began < 0 || open > 1) return undefined;
  const end = open === 0 ? at : afterClosing(written, at);
  return end === undefined ? undefined : written.slice(began, end);
}

/** Spaces, and what compilers say to each other: `/* @__PURE__ *\/`. */
const PUT_IN = /^(?:\s+|\/\*\s*[@#]__[A-Z_]+__\s*\*\/)/;
const COMMENT = /^(?:\/\/[^\n]*|\/\*[^]*?\*\/)/;
const NOT_NULL = /^!(?!=)/;
const LAST_COMMA = /^,(?=\s*[)\]}])/;
const CAST = /^(?:as|satisfies)\s+/;
const OPTIONAL = /^\?(?=\s*:)/;

/** Behind what TypeScript's code has at this place and JavaScript's, which goes on with `next`, has not. */
function afterExtra(next: string, written: string, at: number): number | undefined {
  const rest = written.slice(at, at + 1000);
  for (const extra of [COMMENT, NOT_NULL, LAST_COMMA, OPTIONAL]) {
    const [text = ''] = extra.exec(rest) ?? [];
    if (text !== '') return at + text.length;
  }
  const [cast = ''] = isPartOfName(written, at) ? [] : (CAST.exec(rest) ?? []);
  if (cast !== '') return afterType(written, at + cast.length);
  // of a parameter, a variable or what an arrow function returns
  if (rest[0] === ':' && /[,)=]/.test(next)) return afterType(written, at + 1);
  if (rest[0] === '<' && /[(`]/.test(next)) return afterType(written, at);
  return undefined;
}

function isPartOfName(text: string, at: number): boolean {
  return at > 0 && /[\w$]/.test(text[at - 1]!);
}

/** Behind the parenthesis that closes what began inside of it, with a cast before it perhaps. */
function afterClosing(written: string, at: number): number | undefined {
  const [cast = ''] = /^\s*(?:as|satisfies)\s+/.exec(written.slice(at, at + 1000)) ?? [];
  const end = cast === '' ? at : afterType(written, at + cast.length);
  const [closing = ''] = end === undefined ? [] : (/^\s*\)/.exec(written.slice(end, end + 1000)) ?? []);
  return end === undefined || closing === '' ? undefined : end + closing.length;
}

/** How many characters of each say the same. */
interface Alike {
  readonly loaded: number;
  readonly written: number;
}

const ONE: Alike = { loaded: 1, written: 1 };

/** undefined where they go on differently */
function alike(loaded: string, i: number, written: string, at: number): Alike | undefined {
  if (at >= written.length) return undefined;
  const [a, b] = [loaded.slice(i, i + 200), written.slice(at, at + 200)];
  const begins = !/[\w$.]/.test(loaded[i - 1] ?? '');
  return (
    (begins ? (importedName(a, b) ?? sameNumber(a, b) ?? shortened(a, b) ?? enumMember(a, b)) : undefined) ??
    shorthand(a, written, at) ??
    sameString(loaded, i, written, at) ??
    (a[0] === b[0] || (QUOTE.test(a) && QUOTE.test(b)) ? ONE : undefined)
  );
}

/** What compilers make of a name that a module imports, of which they keep the object: TypeScript, Babel, esbuild, Vite. */
const IMPORTED = /^(\(0,\s*)?(?:[\w$]+_\d+(?:__)?|import_[\w$]+)\.([\w$]+)(\))?/;
const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u;

function importedName(loaded: string, written: string): Alike | undefined {
  const [whole = '', wrapped, name, closing = ''] = IMPORTED.exec(loaded) ?? [];
  const [own] = NAME.exec(written) ?? [];
  if (name === undefined || own === undefined || (name !== 'default' && name !== own)) return undefined;
  if (wrapped !== undefined && closing === '') return undefined;
  const length = wrapped === undefined ? whole.length - closing.length : whole.length;
  return { loaded: length, written: own.length };
}

/** `{ total }` of an imported name is `{ total: module.total }`. */
function shorthand(loaded: string, written: string, at: number): Alike | undefined {
  const [colon = ''] = /^:\s*/.exec(loaded) ?? [];
  const [own = ''] = colon === '' ? [] : (/[\w$]+\s*$/.exec(written.slice(Math.max(0, at - 100), at)) ?? []);
  const value = own === '' ? undefined : importedName(loaded.slice(colon.length), own);
  return value && { loaded: colon.length + value.loaded, written: 0 };
}

const NUMBER = /^(?:0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d[\d_]*)?)n?/i;

/** Compilers write `5_000` as `5e3`, minifiers `0.5` as `.5`. */
function sameNumber(loaded: string, written: string): Alike | undefined {
  const [[a = ''], [b = '']] = [NUMBER.exec(loaded) ?? [], NUMBER.exec(written) ?? []];
  if (a === '' || b === '' || a.endsWith('n') !== b.endsWith('n')) return undefined;
  return numberOf(a) === numberOf(b) ? { loaded: a.length, written: b.length } : undefined;
}

function numberOf(text: string): number | bigint {
  const digits = text.replaceAll('_', '');
  return digits.endsWith('n') ? BigInt(digits.slice(0, -1)) : Number(digits);
}

const SHORT: readonly (readonly [loaded: RegExp, written: RegExp])[] = [
  [/^!0/, /^true\b/],
  [/^!1/, /^false\b/],
  [/^void 0\b/, /^undefined\b/],
];

/** What minifiers write for it. */
function shortened(loaded: string, written: string): Alike | undefined {
  for (const [short, long] of SHORT) {
    const [[a = ''], [b = '']] = [short.exec(loaded) ?? [], long.exec(written) ?? []];
    if (a !== '' && b !== '') return { loaded: a.length, written: b.length };
  }
  return undefined;
}

/** A constant of an enum: TypeScript makes it `1 /* Size.Large *\/`, esbuild `1 /* Large *\/`. */
function enumMember(loaded: string, written: string): Alike | undefined {
  const [whole = '', name = ''] = /^(?:"[^"]*"|[\d.e+-]+) \/\* ([\w$.]+) \*\//.exec(loaded) ?? [];
  const [own = ''] = whole === '' ? [] : (/^[\w$]+(?:\.[\w$]+)+/.exec(written) ?? []);
  if (own === '' || !`.${own}`.endsWith(`.${name}`)) return undefined;
  return { loaded: whole.length, written: own.length };
}

const QUOTE = /^["'`]/;
const STRING = /(?:"((?:[^"\\\n]|\\[^])*)"|'((?:[^'\\\n]|\\[^])*)'|`((?:[^`\\$]|\\[^]|\$(?!\{))*)`)/y;

/** The same text, whatever its quotes and what is escaped. */
function sameString(loaded: string, i: number, written: string, at: number): Alike | undefined {
  const [a, b] = [stringAt(loaded, i), stringAt(written, at)];
  return a && b && a.value === b.value ? { loaded: a.length, written: b.length } : undefined;
}

function stringAt(text: string, at: number): { readonly value: string; readonly length: number } | undefined {
  STRING.lastIndex = at;
  const [whole, ...inner] = STRING.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { value: unescaped(inner.find((each) => each !== undefined) ?? ''), length: whole.length };
}

const ESCAPED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
  '\n': '',
};

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2})|([^]))/gi,
    (...[, long, four, two, other]) => {
      const code: string | undefined = long ?? four ?? two;
      return code === undefined ? (ESCAPED[other] ?? other) : String.fromCodePoint(Number.parseInt(code, 16));
    },
  );
}
