/**
 * What the program hands to `Function` and its kin becomes text with hooks in it, as a dependency's is: its changes of
 * objects are recorded, not its steps. So does what an indirect `eval` is given. See instrument/text-code.ts.
 */
import { functionToString, isArray, joinArray, OwnMap, sliceString, startsWith } from './primordials.ts';

/** The text with hooks in it of what V8 compiles; the same where there is nothing to record. */
export type InstrumentText = (text: string, goal: 'text' | 'script') => string;

export interface TextHooks {
  /** The body to hand on in place of the last text. */
  readonly TF: (maker: unknown, body: unknown, ...before: readonly unknown[]) => unknown;
  /** The same of all that is given to it. */
  readonly TL: (maker: unknown, given: unknown) => unknown;
}

/** By the text of the function that makes them: what V8 puts before the parameters. Each realm has its own. */
const HEADS = new OwnMap<string, string>();
for (const [name, head] of [
  ['Function', 'function'],
  ['AsyncFunction', 'async function'],
  ['GeneratorFunction', 'function*'],
  ['AsyncGeneratorFunction', 'async function*'],
] as const)
  HEADS.set(`function ${name}() { [native code] }`, `(${head} anonymous(`);
const EVAL = 'function eval() { [native code] }';
const BODY = '\n) {\n';
const END = '\n})';

export function createTextHooks(instrument: InstrumentText): TextHooks {
  function TF(maker: unknown, body: unknown, ...before: readonly unknown[]): unknown {
    if (typeof maker !== 'function' || typeof body !== 'string') return body;
    const native = functionToString(maker);
    if (native === EVAL) return instrument(body, 'script');
    const head = HEADS.get(native);
    const parameters = head === undefined ? undefined : joined(before);
    if (parameters === undefined) return body;
    const opening = head + parameters + BODY;
    const text = instrument(opening + body + END, 'text');
    return startsWith(text, opening) ? sliceString(text, opening.length, -END.length) : body;
  }

  function TL(maker: unknown, given: unknown): unknown {
    if (!isArray(given) || given.length === 0) return given;
    const last = given.length - 1;
    const before: unknown[] = [];
    for (let i = 0; i < last; i++) before[i] = given[i];
    const body: unknown = given[last];
    const text = TF(maker, body, ...before);
    if (text === body) return given;
    before[last] = text;
    return before;
  }

  return { TF, TL };
}

/** The parameters' text; undefined where it is the program's to make. */
function joined(parts: readonly unknown[]): string | undefined {
  const texts: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    const text = typeof part === 'string' ? part : isArray(part) ? joined(part) : undefined;
    if (text === undefined) return undefined;
    texts[i] = text;
  }
  return joinArray(texts, ',');
}
