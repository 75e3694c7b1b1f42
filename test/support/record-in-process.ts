import { createRequire } from 'node:module';
import vm from 'node:vm';
import { instrument } from '../../trace-runtime/src/instrument/instrument.ts';
import type { SiteTable } from '../../trace-runtime/src/model/sites.ts';
import { wordsOf } from '../../trace-runtime/src/query/cursor.ts';
import { openStream } from '../../trace-runtime/src/query/replay.ts';
import type { StreamReplay } from '../../trace-runtime/src/query/replay.ts';
import { createRecorder } from '../../trace-runtime/src/recorder/recorder.ts';
import type { Transport } from '../../trace-runtime/src/recorder/transport.ts';
import { BUFFER_WORDS, openStretch } from '../../trace-runtime/src/wire/spool.ts';
import { FIRST_SITE, FIRST_WORD, Loaded, Slot } from '../../trace-runtime/src/wire/words.ts';

export const PROGRAM_PATH = '/program/main.js';
const HASH = 'program';

/** A program that was run in a vm context of this process, recorded into memory. */
export interface RecordedProgram {
  readonly table: SiteTable;
  readonly code: string;
  readonly words: readonly Int32Array[];
  /** what it passed to `report` */
  readonly reported: readonly unknown[];
  /** what left its body */
  readonly error: unknown;
  replay(): StreamReplay;
}

/** Words are kept in memory; a small buffer drains often, which is what tests want. */
export function memoryTransport(words = new Int32Array(BUFFER_WORDS)): Transport & { readonly chunks: Int32Array[] } {
  const chunks: Int32Array[] = [];
  const flush = (): void => {
    const end = words[Slot.position]!;
    if (end > FIRST_WORD) chunks.push(words.slice(FIRST_WORD, end));
    openStretch(words, FIRST_WORD, words.length - FIRST_WORD);
  };
  openStretch(words, FIRST_WORD, words.length - FIRST_WORD);
  return { words, chunks, drain: flush, flush, survivesKill: false, close: flush, stream: 'memory' };
}

/** Site words of the text moved to the base, as the loader does. */
export function placeWords(code: string, base: number): string {
  return code.replace(/\u0001([0-9a-f]{9})/g, (_, digits: string) => {
    const word = Number.parseInt(digits, 16) + base * 16;
    return `0x${word.toString(16).padStart(8, '0')}`;
  });
}

/** what the program sees of this process */
const globals = {
  console: { log() {} },
  setTimeout,
  setImmediate,
  queueMicrotask,
  clearTimeout,
  process: { nextTick: process.nextTick },
  Buffer,
};
const PARAMETERS = 'exports, require, module, report';
const require = createRequire(import.meta.url);

/** Runs the program as a CommonJS module, lets its timers and promises run dry, and gives the recording. */
export async function recordInProcess(source: string): Promise<RecordedProgram> {
  const { code, table } = instrument(source, { fileName: PROGRAM_PATH, level: 'steps', goal: 'commonjs', hash: HASH });
  const transport = memoryTransport();
  const recorder = createRecorder(transport, { process: false });
  const context = vm.createContext({ ...globals });
  recorder.installRealm((text) => vm.runInContext(text, context) as unknown, false);
  recorder.emitFile(FIRST_SITE, table.ops.length, HASH, PROGRAM_PATH, Loaded.commonjs);
  const run = runIn(context, placeWords(code, FIRST_SITE));
  const reported: unknown[] = [];
  const error = run(reported);
  await settle(reported);
  transport.close();
  const { chunks } = transport;
  return {
    table,
    code,
    reported,
    error,
    words: chunks,
    replay: () =>
      openStream(
        wordsOf(...chunks),
        (hash) => (hash === HASH ? table : undefined),
        () => source,
      ),
  };
}

/** The same program without Hindcast; what it reported. */
export async function runPlainly(source: string): Promise<readonly unknown[]> {
  const reported: unknown[] = [];
  runIn(vm.createContext({ ...globals }), source)(reported);
  await settle(reported);
  return reported;
}

function runIn(context: vm.Context, code: string): (reported: unknown[]) => unknown {
  const run = vm.runInContext(`(function (${PARAMETERS}) {${code}\n})`, context, { filename: PROGRAM_PATH }) as (
    ...values: unknown[]
  ) => void;
  return (reported) => {
    const module = { exports: {} };
    try {
      run(module.exports, require, module, (value: unknown) => reported.push(value));
      return undefined;
    } catch (error) {
      return error;
    }
  };
}

/** Some turns of the event loop, and as many again after the last report. */
async function settle(reported: readonly unknown[]): Promise<void> {
  for (let turns = 0, seen = -1; turns < 30 && (turns < 8 || seen !== reported.length); turns++) {
    seen = reported.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
