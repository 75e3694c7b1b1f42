/**
 * Node's own type stripping. It refuses TypeScript that would need code of its own (enums, namespaces, parameter properties),
 * and shows the text that it refused: that has to be the text as written.
 */
import nodeModule from 'node:module';
import { withoutAnyWarning } from '../boundary/without-warning.ts';

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
    withoutAnyWarning(() => strip(source, { mode: 'strip', sourceUrl: path }));
    return false;
  } catch {
    return true;
  }
}
