/**
 * Regular expressions that are certain to end soon: at most so many ways to match stand open, whatever the text. Counted
 * from the pattern: each repetition without an end may take any number of units, each choice doubles the ways.
 */
const MOST_STEPS = 10_000_000;
const MOST_CHOICES = 16;
const NEVER = Infinity;

/** By source: what its ways are counted from; undefined of one that may take for ever. */
const known = new Map<string, { readonly repetitions: number; readonly choices: number } | undefined>();

/** The pattern, where it can be tried on the text; undefined where it might take long, or is none. */
export function quickPattern(source: string, flags: string, text: string): RegExp | undefined {
  const ways = waysOf(source, flags);
  if (!ways || 2 ** ways.choices * (text.length + 1) ** (ways.repetitions + 1) > MOST_STEPS) return undefined;
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

function waysOf(source: string, flags: string) {
  const key = `${flags}/${source}`;
  if (!known.has(key)) {
    if (known.size > 1000) known.clear();
    known.set(key, count(source, flags));
  }
  return known.get(key);
}

interface Group {
  /** holds repetitions or choices */
  isBusy: boolean;
}

function count(source: string, flags: string) {
  // sets within sets
  if (flags.includes('v')) return undefined;
  let [repetitions, choices] = [0, 0];
  const open: Group[] = [{ isBusy: false }];
  /** of the atom that stands before: whether it is a group that holds some itself */
  let last = false;
  for (let at = 0; at < source.length; at++) {
    const char = source[at]!;
    const top = open.at(-1)!;
    const counted = quantifier(source, at);
    if (char === '\\') {
      if (/[1-9k]/.test(source[++at] ?? '')) return undefined;
      last = false;
    } else if (char === '[') {
      at = endOfClass(source, at);
      last = false;
    } else if (char === '(') {
      if (/^\(\?(?!:|<[^=!])/.test(source.slice(at, at + 4))) return undefined;
      open.push({ isBusy: false });
    } else if (char === ')') {
      const { isBusy } = open.length > 1 ? open.pop()! : top;
      if (isBusy) open.at(-1)!.isBusy = true;
      last = isBusy;
    } else if (char === '|') {
      choices++;
      top.isBusy = true;
    } else if (counted) {
      if (last) return undefined;
      at += counted.length - 1;
      if (counted.spread === NEVER) repetitions++;
      else choices += counted.spread;
      if (counted.spread > 0) top.isBusy = true;
      if (source[at + 1] === '?') at++;
      last = true;
    } else last = false;
    if (choices > MOST_CHOICES) return undefined;
  }
  return { repetitions, choices };
}

/** How many more than its least a quantifier takes, and how long it is written; undefined where none stands there. */
function quantifier(source: string, at: number): { readonly spread: number; readonly length: number } | undefined {
  const char = source[at]!;
  if (char === '*' || char === '+') return { spread: NEVER, length: 1 };
  if (char === '?') return { spread: 1, length: 1 };
  const [text, least, comma, most] = /^\{(\d+)(,?)(\d*)\}/.exec(source.slice(at, at + 24)) ?? [];
  if (text === undefined) return undefined;
  const spread = comma === '' ? 0 : most === '' ? NEVER : Number(most) - Number(least);
  // what is taken very often is long itself
  return { spread: Number(least) > 1000 ? MOST_CHOICES + 1 : spread, length: text.length };
}

function endOfClass(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at;
}
