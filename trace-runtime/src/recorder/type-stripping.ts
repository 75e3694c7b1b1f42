/**
 * Node's own type stripping. It refuses TypeScript that would need code of its own (enums, namespaces, parameter properties),
 * and shows the text that it refused: that has to be the text as written.
 */
import nodeModule from 'node:module';

const { stripTypeScriptTypes: strip } = nodeModule as unknown as {
  readonly stripTypeScriptTypes?: (text: string, options: object) => string;
};
/** What Node may refuse; most files have nothing of it. */
const SUSPECT =
  /\b(?:enum|namespace|module|private|public|protected|readonly|override)\b|\b(?:import\s+\w+|export)\s*=|<\w+>\s*[\w'"([{]/;

/** Whether Node will say that it does not run this text. */
export function isRefused(source: string, path: string): boolean {
  if (!strip || !/\.[cm]?ts$/.test(path) || !SUSPECT.test(source)) return false;
  if ((process.features as { typescript?: unknown }).typescript !== 'strip') return false;
  try {
    withoutWarning(() => strip(source, { mode: 'strip', sourceUrl: path }));
    return false;
  } catch {
    return true;
  }
}

/** Without the function's own warning that it is experimental; undefined where that cannot be kept back. */
export function withoutWarning<T>(work: () => T): T | undefined {
  const warning = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  if (!warning?.configurable) return undefined;
  try {
    Object.defineProperty(process, 'emitWarning', { value: () => {}, configurable: true });
    return work();
  } finally {
    Object.defineProperty(process, 'emitWarning', warning);
  }
}
