/** What each path holds for the program: what it wrote itself, else what the recording knows, else what is really there. */
import fs from 'node:fs';
import path from 'node:path';
import url from 'node:url';
import { types } from 'node:util';
import type { FileAnswer, FileFacts } from '../../model/recorded-world.ts';
import type { Overlay } from './overlay.ts';
import type { Serving } from './serving.ts';

const { existsSync, lstatSync } = fs;
const { isUint8Array } = types;
const { fileURLToPath } = url;
const { resolve, sep } = path;
const NEVER = /^(?:\/dev|\/proc|\/sys)(?:\/|$)|^\\\\[.?]\\/;
const READS = ['readFile', 'open', 'stat', 'lstat', 'access', 'readdir', 'realpath', 'exists', 'opendir'];

/** What tools keep among the packages, such as vite's compiled configuration, which Node's loader then reads. */
const TOOL_CACHE = /[\\/]node_modules[\\/]\.[^\\/]+(?:[\\/]|$)/;

export interface FileWorld {
  /** The path that a call is about; undefined where it is none of ours: a descriptor, a device, a tool's cache, Hindcast's own. */
  pathOf(argument: unknown): string | undefined;
  /** The next recorded answer of such a call; the last one is given again. */
  answer(call: string, file: string): FileAnswer | undefined;
  /** whether the recording tells anything of it */
  isKnown(file: string): boolean;
  /** undefined: the recording does not tell */
  wasThere(file: string): boolean | undefined;
  /** Where its content can be read now; undefined where there is none. */
  content(file: string): string | undefined;
  isThere(file: string): boolean;
  /** loaded as code: always the present one */
  isSource(file: string): boolean;
}

export function createFileWorld({ world }: Serving, overlay: Overlay): FileWorld {
  const sources = new Set(world.sources);
  const turns = new Map<string, number>();
  const own = [world.scratch, ...world.own].map((folder) => folder + sep);

  const factsOf = (file: string): FileFacts | undefined =>
    Object.hasOwn(world.files, file) ? world.files[file] : undefined;

  function answer(call: string, file: string): FileAnswer | undefined {
    const list = factsOf(file)?.answers[call];
    if (!list?.length) return undefined;
    const key = `${call}\0${file}`;
    const turn = turns.get(key) ?? 0;
    turns.set(key, turn + 1);
    return list[Math.min(turn, list.length - 1)];
  }

  function wasThere(file: string): boolean | undefined {
    const facts = factsOf(file);
    if (!facts) return undefined;
    for (const call of READS) {
      const [first] = facts.answers[call] ?? [];
      if (!first) continue;
      if (first.exists !== undefined) return first.exists;
      if (first.stat === null) return false;
      if (!first.error) return true;
      if (first.error.code === 'ENOENT') return false;
    }
    return facts.before;
  }

  function content(file: string): string | undefined {
    const seen = overlay.look(file);
    if (seen === 'gone') return undefined;
    if (seen) return overlay.at(file);
    const answers = factsOf(file)?.answers;
    const recorded = [...(answers?.readFile ?? []), ...(answers?.open ?? [])].find(
      (each) => each.content !== undefined,
    );
    if (recorded && !sources.has(file)) return recorded.content;
    return wasThere(file) === false ? undefined : file;
  }

  return {
    isKnown: (file) => factsOf(file) !== undefined,
    answer,
    wasThere,
    content,
    isSource: (file) => sources.has(file),
    isThere(file) {
      const seen = overlay.look(file);
      if (seen) return seen !== 'gone';
      return wasThere(file) ?? exists(file);
    },
    pathOf(argument) {
      let given: string | undefined;
      if (typeof argument === 'string') given = argument;
      else if (isUint8Array(argument)) given = new TextDecoder().decode(argument);
      else if (argument instanceof URL && argument.protocol === 'file:') given = fileURLToPath(argument);
      if (given === undefined || given === '' || given.includes('\0')) return undefined;
      const file = resolve(given);
      if (NEVER.test(file) || TOOL_CACHE.test(file) || own.some((folder) => `${file}${sep}`.startsWith(folder)))
        return undefined;
      return file;
    },
  };
}

function exists(file: string): boolean {
  try {
    return existsSync(file) || lstatSync(file) !== undefined;
  } catch {
    return false;
  }
}
