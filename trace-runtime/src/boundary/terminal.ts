/** Terminals: which standard descriptors are one, and what it is asked for: its size and its mode. */
import fs from 'node:fs';
import { returning } from './calls.ts';
import type { BoundaryLog } from './log.ts';
import { nativeBinding } from './native-binding.ts';

export interface NativeTerminals {
  readonly TTY: { readonly prototype: object };
  isTTY(fd: number): boolean;
}

/** A program goes other ways with each. */
export type DescriptorKind = 'terminal' | 'pipe' | 'file' | 'other';

const { isArray } = Array;

export function nativeTerminals(): NativeTerminals {
  return nativeBinding('tty_wrap') as NativeTerminals;
}

export function descriptorKinds(): Readonly<Record<'stdin' | 'stdout' | 'stderr', DescriptorKind>> {
  const { isTTY } = nativeTerminals();
  const kindOf = (fd: number): DescriptorKind => (isTTY(fd) ? 'terminal' : kindOfFile(fd));
  return { stdin: kindOf(0), stdout: kindOf(1), stderr: kindOf(2) };
}

function kindOfFile(fd: number): DescriptorKind {
  try {
    const stats = fs.fstatSync(fd);
    return stats.isFIFO() || stats.isSocket() ? 'pipe' : stats.isFile() ? 'file' : 'other';
  } catch {
    return 'other';
  }
}

/** Each returns 0, or the system's number of what went wrong. */
export function installTerminal(log: BoundaryLog): void {
  const { prototype } = nativeTerminals().TTY;
  returning(log, prototype, 'getWindowSize', 'tty.getWindowSize', {
    args: () => ({}),
    result: ([value], [size]) => ({
      value: Number(value),
      size: isArray(size) ? [Number(size[0]), Number(size[1])] : [],
    }),
    replay: ({ value, size }, [given]) => {
      if (value === 0 && isArray(given) && isArray(size)) [given[0], given[1]] = size;
      return [value];
    },
  });
  returning(log, prototype, 'setRawMode', 'tty.setRawMode', {
    args: ([isRaw]) => ({ raw: isRaw === true }),
    result: ([value]) => ({ value: Number(value) }),
    replay: ({ value }) => [value],
  });
}
