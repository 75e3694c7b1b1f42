/** Where a type of TypeScript's ends in a text. */

const OPENING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[^]*?\*\/|=>|&&|\|\||"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|`(?:[^`\\]|\\[^])*`|[\w$.]+|[^]/y;
/** What goes on with a type behind these. */
const GOES_ON = /^(?:keyof|typeof|readonly|infer|is|extends|asserts|unique|new|abstract|in|[|&.<(,]|=>)$/;
const JOINS = /^(?:is|extends|[|&]|=>)$/;

/** Behind the type, or the list of types in `<>`, that begins there; undefined where none does. */
export function afterType(text: string, from: number): number | undefined {
  const open: string[] = [];
  let end: number | undefined;
  let last = '|';
  TOKEN.lastIndex = from;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [token] = found;
    if (/^(?:\s|\/[/*])/.test(token)) continue;
    if (open.length === 0) {
      const isExpected = GOES_ON.test(last);
      if (isExpected ? !/^[\w$.("'`{[<|&-]/.test(token) : !goesOn(token, last)) return end;
    }
    const closing = OPENING[token];
    if (closing !== undefined) open.push(closing);
    else if (token === open.at(-1)) open.pop();
    else if (/^[)\]}]$/.test(token)) return undefined;
    if (open.length === 0) end = TOKEN.lastIndex;
    last = token;
  }
  return end;
}

/** Whether a type that could be at its end goes on with the token. */
function goesOn(token: string, last: string): boolean {
  if (token === '=>') return last === ')';
  return token === '[' || (token === '<' && /^[\w$.]+$/.test(last)) || JOINS.test(token);
}
