/** Where code made of text was asked for: frames tell it beside their own place, and so do those of code that it made. */
import { overlaid } from './method-names.ts';

/** Line and column from 1, of the text as written. */
type Original = (name: string, line: number, column: number) => { readonly line: number; readonly column: number };

/** The frame with the places in its origin as they are in the text as written; the frame itself where they are. */
export function withOrigin(site: NodeJS.CallSite, original: Original): NodeJS.CallSite {
  const origin = site.isEval() ? site.getEvalOrigin() : undefined;
  if (!origin) return site;
  const written = origin.replace(PLACE, (_whole, name: string, line: string, column: string) => {
    const at = original(name, Number(line), Number(column));
    return `(${name}:${at.line}:${at.column})`;
  });
  if (written === origin) return site;
  return overlaid(
    site,
    new Map<string | symbol, unknown>([
      ['getEvalOrigin', () => written],
      ['toString', () => site.toString().replace(origin, () => written)],
    ]),
  );
}

const PLACE = /\(([^()\n]+):(\d+):(\d+)\)/g;
