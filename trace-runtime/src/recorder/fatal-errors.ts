/**
 * The text that Node prints for an error that ends the program. Node shows the source line as it was compiled, with
 * hooks in it; this is the same text with the line as the developer wrote it.
 */
import type { LoadedFile, LoadedFiles } from './loaded-files.ts';
import { filePath, NO_OFFSETS } from './loader.ts';
import { natives, tryRead } from './natives.ts';
import type { StackTraces } from './stack-traces.ts';

/** The last `throw` statement that ran in instrumented code; line and column from 0. */
export interface Thrown {
  readonly value: unknown;
  /** its control id; 0: none yet */
  readonly control: number;
  readonly line: number;
  readonly column: number;
}

interface Place {
  /** as Node names the script */
  readonly name: string;
  readonly file: LoadedFile;
  /** from 1 */
  readonly line: number;
  readonly column: number;
}

/**
 * To be asked when nobody handles the error; what it gives, when Node would print: only then is the stack looked at.
 * Undefined where Node's own text is right: the error does not come from instrumented code. `handed`: Node's own code passed
 * the error on, so that V8 knows no other place than the error's.
 */
export type FatalText = (error: unknown, handed: boolean) => () => string | undefined;

export function fatalErrors(
  files: LoadedFiles,
  lastThrown: () => Thrown,
  { formats, placeInText }: Pick<StackTraces, 'formats' | 'placeInText'>,
): FatalText {
  return (error, handed) => {
    const thrown = handed ? undefined : thrownAt(files, lastThrown(), error);
    if (thrown === undefined && isEmitted(error)) return () => undefined;
    return () => {
      const before = formats();
      const place = thrown ?? stackTop(files, error, placeInText);
      // whoever asked for the stack before made V8 forget the place: Node shows where it gave up
      if (handed && formats() === before) return undefined;
      return place && textAt(files, place, error);
    };
  };
}

/** Whether an emitter of Node's threw it, since nobody listens to its `error`: Node adds to its stack where that was. */
function isEmitted(error: unknown): boolean {
  if (!natives.isNativeError(error)) return false;
  return Object.getOwnPropertySymbols(error).some((key) => key.description === 'kEnhanceStackBeforeInspector');
}

function linesOf(files: LoadedFiles, file: LoadedFile): readonly string[] | undefined {
  if (file.url !== undefined) return files.source(file);
  return tryRead(file.path)
    ?.toString('utf8')
    .split(/\r\n|[\n\r\u2028\u2029]/);
}

function textAt(files: LoadedFiles, place: Place, error: unknown): string | undefined {
  // a file's lines are counted as its text on disk has them
  const before = place.file.script === undefined ? 0 : place.file.offsets.line;
  const text = linesOf(files, place.file)?.[place.line - 1 - before];
  if (text === undefined) return undefined;
  const indent = text.slice(0, place.column - 1).replace(/[^\t]/g, ' ');
  const arrow = `${place.name}:${place.line}\n${text}\n${indent}^\n`;
  return `${described(error, arrow)}\nNode.js ${process.version}\n`;
}

function thrownAt(files: LoadedFiles, thrown: Thrown, error: unknown): Place | undefined {
  if (thrown.control === 0 || !Object.is(thrown.value, error)) return undefined;
  const file = files.byControl(thrown.control);
  if (!file) return undefined;
  const name = file.url ?? (file.module ? natives.pathToFileURL(file.path).href : file.path);
  const { line, column } = file.script === undefined ? NO_OFFSETS : file.offsets;
  return { name, file, line: thrown.line + 1 + line, column: thrown.column + 1 + (thrown.line === 0 ? column : 0) };
}

/** V8 shows the text that is no JSON, or no code. */
const IN_TEXT = /^SyntaxError: .*\n {4}at (?:JSON\.parse |(?:new )?(?:Async)?(?:Generator)?Function \(<anonymous>\))/;

/** Where the error's own stack begins. */
function stackTop(files: LoadedFiles, error: unknown, placeInText: StackTraces['placeInText']): Place | undefined {
  if (!natives.isNativeError(error)) return undefined;
  const { stack } = error as { stack?: unknown };
  // node:assert throws in its own file and leaves its frames out of the stack. A getter of the program's is not asked.
  const code: unknown = Object.getOwnPropertyDescriptor(error, 'code')?.value;
  if (typeof stack !== 'string' || code === 'ERR_ASSERTION' || IN_TEXT.test(stack)) return undefined;
  const text = placeInText(error);
  if (text) return { name: text.file.url ?? '', ...text };
  // functions of V8's have no place, and code made of text has more than one
  const top = /^ {4}at .*:\d+:\d+\)?$/m.exec(stack)?.[0] ?? '';
  const frame = /^ {4}at (?:.*? \()?(data:.+|[^()\n]+):(\d+):(\d+)\)?$/.exec(top);
  if (!frame) return undefined;
  const [, name = '', line = '', column = ''] = frame;
  const file = files.byPath(filePath(name) ?? name);
  return file && { name, file, line: Number(line), column: Number(column) };
}

function described(error: unknown, arrow: string): string {
  const colors = process.stderr.isTTY === true && process.stderr.hasColors();
  const shown = (): string => natives.inspect(error, { colors, customInspect: false, depth: 5 });
  if (natives.isNativeError(error)) return `${arrow}\n${shown()}\n`;
  if (typeof error === 'object' && error !== null) return `\n${arrow}${shown()}\n`;
  return `\n${arrow}${String(error)}\n(Use \`node --trace-uncaught ...\` to show where the exception was thrown)\n`;
}
