/** What a logpoint prints: text with expressions in braces. */

export type LogPart = { readonly text: string } | { readonly expression: string };

/** Braces within an expression, its strings and templates, are its own; a brace that never closes is text. */
export function parseLogMessage(message: string): LogPart[] {
  const parts: LogPart[] = [];
  let text = '';
  for (let at = 0; at < message.length; at++) {
    const end = message[at] === '{' ? closing(message, at) : -1;
    if (end < 0) {
      text += message[at]!;
      continue;
    }
    if (text) parts.push({ text });
    text = '';
    parts.push({ expression: message.slice(at + 1, end) });
    at = end;
  }
  return text ? [...parts, { text }] : parts;
}

function closing(message: string, open: number): number {
  let depth = 0;
  for (let at = open; at < message.length; at++) {
    const c = message[at]!;
    if (c === '"' || c === "'" || c === '`') {
      const end = endOfString(message, at);
      if (end < 0) return -1;
      at = end;
    } else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return at;
  }
  return -1;
}

function endOfString(message: string, start: number): number {
  for (let at = start + 1; at < message.length; at++) {
    if (message[at] === '\\') at++;
    else if (message[at] === message[start]) return at;
  }
  return -1;
}
