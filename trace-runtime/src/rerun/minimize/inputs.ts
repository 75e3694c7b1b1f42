/** What of a run's inputs can be made smaller, each with how a person names it. */
import type { PreparedRerun, RunInputs } from '../prepare.ts';
import { childInputs } from './child-inputs.ts';
import { commandInputs } from './command-inputs.ts';
import { fileInputs } from './file-inputs.ts';
import { networkInputs } from './network-inputs.ts';

export const INPUT_KINDS = [
  'arguments',
  'environment',
  'stdin',
  'file',
  'folder',
  'requests',
  'response',
  'child',
] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** Some bytes of an input. */
export interface BytesPart {
  /** undefined: not there any more */
  read(inputs: RunInputs): Buffer | undefined;
  write(inputs: RunInputs, bytes: Buffer): RunInputs;
}

/** A list in an input. */
export interface ListPart {
  readonly least: number;
  read(inputs: RunInputs): readonly unknown[];
  write(inputs: RunInputs, list: readonly unknown[]): RunInputs;
}

export interface Input {
  readonly kind: InputKind;
  readonly name: string;
  /** as it is counted and shown */
  bytes(inputs: RunInputs): Buffer;
  /** as they are in these inputs */
  lists(inputs: RunInputs): readonly ListPart[];
  parts(inputs: RunInputs): readonly BytesPart[];
}

/** Those that are not empty, the largest first. `isTest`: a runner started the failing code, and its arguments are its own. */
export function inputsOf(prepared: PreparedRerun, isTest: boolean): readonly Input[] {
  const { inputs } = prepared;
  return [
    ...commandInputs(prepared, isTest),
    ...fileInputs(prepared, isTest),
    ...networkInputs(prepared),
    ...childInputs(prepared),
  ]
    .filter((input) => input.bytes(inputs).length > 0)
    .sort((a, b) => b.bytes(inputs).length - a.bytes(inputs).length);
}
