/** A terminal for what a program that ran at one prints when it is executed again: nobody sees it. */
import { closeSync } from 'node:fs';
import tty from 'node:tty';

export interface OutputTerminal {
  /** to be handed to the program */
  readonly descriptor: number;
  /** standard descriptors that it takes the place of */
  readonly fds: readonly number[];
  /** The program has it now. */
  handedOver(): void;
  dispose(): void;
}

interface Helper {
  readonly openTerminal?: (columns: number, rows: number) => readonly [number, number];
}

/** `asked`: `COLUMNSxROWS:FD,FD`. undefined where there is none to be had, as without the native helper. */
export function openOutputTerminal(asked: string, helper: string | undefined): OutputTerminal | undefined {
  const [, columns, rows, fds = ''] = /^(\d+)x(\d+):([12,]+)$/.exec(asked) ?? [];
  if (helper === undefined || columns === undefined) return undefined;
  try {
    const module: { exports: Helper } = { exports: {} };
    process.dlopen(module, helper);
    const ends = module.exports.openTerminal?.(Number(columns), Number(rows));
    if (!ends) return undefined;
    const [reader, descriptor] = ends;
    const printed = new tty.ReadStream(reader);
    // it fails once nobody has the other end any more
    printed.on('error', () => undefined);
    printed.resume().unref();
    return {
      descriptor,
      fds: fds.split(',').map(Number),
      handedOver: () => closeSync(descriptor),
      dispose: () => void printed.destroy(),
    };
  } catch {
    return undefined;
  }
}
