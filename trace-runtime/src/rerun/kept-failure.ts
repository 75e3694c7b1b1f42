/** What is written down of a failure in the corpus: `failure.json` in its folder, to be read and reviewed. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HindcastError, inputOutput } from '../base/errors.ts';
import { VERDICTS, type VerdictName } from './verdict-name.ts';

/** from the project's folder */
export const CORPUS = path.join('.hindcast', 'corpus');
export const FACTS = 'failure.json';
/** its input, a portable recording */
export const INPUT = 'recording.hindcast';
export const VERSION = 1;

export interface KeptFailure {
  readonly version: typeof VERSION;
  readonly name: string;
  /** null: the whole run */
  readonly case: string | null;
  readonly type: string;
  /** its first line */
  readonly message: string;
  readonly command: readonly string[];
  /** folder that the command ran in, from the one that holds `.hindcast` */
  readonly folder: string;
  /** the verdict that is as it should be */
  readonly expected: VerdictName;
  readonly node: string;
  readonly keptAt: string;
}

/** Whether a folder is an entry of a corpus. */
export function isKept(folder: string): boolean {
  return existsSync(path.join(folder, FACTS));
}

/** Of a folder of the corpus. Throws where it cannot be read. */
export function readKept(folder: string): KeptFailure {
  const file = path.join(folder, FACTS);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw inputOutput(`read ${file}`, error);
  }
  const { version, name, folder: below, expected } = (value ?? {}) as Partial<Record<string, unknown>>;
  const isOne = typeof name === 'string' && typeof below === 'string' && VERDICTS.some((each) => each === expected);
  if (!isOne || typeof version !== 'number')
    throw new HindcastError(
      'input-output',
      `${file} describes no kept failure.`,
      'Keep the failure again, or delete its folder.',
    );
  if (version > VERSION)
    throw new HindcastError('input-output', `${file} was written by a newer Hindcast.`, 'Update Hindcast to read it.');
  return value as KeptFailure;
}
