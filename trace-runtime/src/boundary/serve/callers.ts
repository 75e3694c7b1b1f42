/** Who makes a call: the program's own code and where, a package on its behalf, or the tools that run it. */
import url from 'node:url';
import { isTool, packageName } from '../../model/file-selection.ts';

export interface CallPlace {
  readonly file: string;
  readonly function: string;
  /** from 1, of the loaded text */
  readonly line: number;
  readonly column: number;
}

export interface Caller {
  /**
   * Whose code made the call. `tool`: a test runner, compiler or bundler; `loader`: Node, as it loads a module; `node`: no
   * file's code is on the stack.
   */
  readonly by: 'program' | 'package' | 'tool' | 'loader' | 'node';
  /** the innermost place in the program's own code */
  readonly place: CallPlace | undefined;
}

const MODULES = /[\\/]node_modules[\\/]/;
/** Packages that only hand calls on to `fs`: who called them made the call. */
const TRANSPARENT = new Set(['graceful-fs', 'fs-extra', 'universalify', 'jsonfile', 'write-file-atomic', 'p-limit']);
const { fileURLToPath } = url;

/** `frames`: the stack, innermost first; `correct` makes of one of them what it is in the text as it was written. */
export function callerOf(
  frames: readonly NodeJS.CallSite[],
  correct: (frame: NodeJS.CallSite) => NodeJS.CallSite = (frame) => frame,
): Caller {
  let by: Caller['by'] | undefined;
  for (const frame of frames) {
    const name = frame.getFileName();
    if (!name) continue;
    if (name.startsWith('node:')) {
      if (by === undefined && name.startsWith('node:internal/modules/')) return { by: 'loader', place: undefined };
      continue;
    }
    const file = pathOf(name);
    if (file === undefined) continue;
    if (MODULES.test(file)) {
      // what a tool brings along is part of it
      const packages = file
        .split(MODULES)
        .slice(1)
        .map((rest) => packageName(rest.replaceAll('\\', '/')));
      if (packages.some(isTool)) return { by: 'tool', place: undefined };
      if (!TRANSPARENT.has(packages.at(-1) ?? '')) by = 'package';
      continue;
    }
    const written = correct(frame);
    const place = {
      file,
      function: written.getFunctionName() ?? '',
      line: written.getLineNumber() ?? 0,
      column: written.getColumnNumber() ?? 0,
    };
    return { by: by ?? 'program', place };
  }
  return { by: by ?? 'node', place: undefined };
}

function pathOf(name: string): string | undefined {
  try {
    if (name.startsWith('file:')) return fileURLToPath(name.replace(/[?#].*$/, ''));
  } catch {
    return undefined;
  }
  return /^(?:\/|[a-z]:[\\/])/i.test(name) ? name.replace(/\?.*$/, '') : undefined;
}
