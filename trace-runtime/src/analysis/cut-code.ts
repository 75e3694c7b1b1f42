/** Code that is quoted in a sentence: on one line, and cut where that reads well. */

const LONGEST = 60;
/** of a text in quotes, once there is no room for all */
const LONGEST_QUOTED = 30;
const QUOTED = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g;
const SPACE = new RegExp(String.raw`(${QUOTED.source})|\s*\n\s*\??\.(?=[\w$#[(])|\s+`, 'g');
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * What is in the innermost brackets goes first, then what is around them, until the rest has room: `lines.map(…).length`. What
 * is too long all the same ends behind a whole word.
 */
export function cutCode(code: string): string {
  const line = code.replaceAll(SPACE, (part, quoted: string | undefined) => onOneLine(part, quoted)).trim();
  if (line.length <= LONGEST) return line;
  let cut = line.replaceAll(QUOTED, shortQuoted);
  for (let depth = depthOf(cut); depth > 0 && cut.length > LONGEST; depth--) cut = withoutDepth(cut, depth);
  return cut.length <= LONGEST ? cut : endedAtWord(cut);
}

/** Space outside of quotes is one; none stands before a method on a line of its own. */
function onOneLine(part: string, quoted: string | undefined): string {
  if (quoted !== undefined) return quoted.replaceAll(/\s*\n\s*/g, ' ');
  return part.endsWith('.') ? part.trimStart() : ' ';
}

function shortQuoted(quoted: string): string {
  return quoted.length <= LONGEST_QUOTED ? quoted : `${quoted.slice(0, LONGEST_QUOTED - 2)}…${quoted[0]}`;
}

function endedAtWord(line: string): string {
  const begin = line.slice(0, LONGEST - 1);
  const isInWord = /[\w$]$/.test(begin) && /^[\w$]/.test(line.slice(LONGEST - 1));
  const whole = isInWord ? begin.replace(/[\w$]+$/, '') : begin;
  // one word that is longer than all
  return whole === '' ? `${begin}…` : `${whole.trimEnd()}${whole.endsWith(' ') ? ' ' : ''}…`;
}

function depthOf(code: string): number {
  let most = 0;
  walk(code, (_, depth) => void (most = Math.max(most, depth)));
  return most;
}

/** The contents of all brackets that lie so deep are left out. */
function withoutDepth(code: string, wanted: number): string {
  let cut = '';
  let inside = '';
  walk(code, (part, depth) => {
    if (depth >= wanted) return void (inside += part);
    // what is as short says more
    cut += (inside.trim().length > 1 ? '…' : inside) + part;
    inside = '';
  });
  return cut + inside;
}

/** Each character or quoted text, and in how many brackets it lies; a bracket lies outside of itself. */
function walk(code: string, visit: (part: string, depth: number) => void): void {
  const open: string[] = [];
  for (const [part] of code.matchAll(new RegExp(`${QUOTED.source}|[^]`, 'g'))) {
    if (part === open.at(-1)) open.pop();
    visit(part, open.length);
    const closing = CLOSING[part];
    if (closing) open.push(closing);
  }
}
