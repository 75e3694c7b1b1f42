/** manifest.json: what a recording is of. Written by the command at its start and end. */
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { newerRecording, notARecording } from '../base/errors.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { HindcastError } from '../base/errors.ts';
import { FILE_MODE, recordingPaths } from './recording-paths.ts';

export const RECORDING_FORMAT = 1;

export interface Manifest {
  readonly format: number;
  readonly id: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** milliseconds since the epoch */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly state: 'recording' | 'complete';
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  /** pid of the `record` command while the state is `recording` */
  readonly recorder?: number;
  /** what the program's side is told (HINDCAST_OPTIONS) */
  readonly options: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, unknown>>;
  /** a window of the recording, kept by `--keep` */
  readonly keep?: { readonly bytes?: number; readonly milliseconds?: number };
  /** where a part was cut out of another recording */
  readonly part?: Readonly<Record<string, unknown>>;
  /** id of the recording that it was cut off from while that grew */
  readonly cutOf?: string;
  /** of a portable file: the name that the user had given the recording */
  readonly name?: string;
  /** it came from a portable file: whoever made it is not known */
  readonly imported?: boolean;
  /** id of the recording whose command `validate` ran again */
  readonly rerunOf?: string;
}

export function writeManifest(folder: string, manifest: Manifest): void {
  const file = recordingPaths(folder).manifest;
  writeFileSync(`${file}.new`, `${JSON.stringify(manifest, undefined, 2)}\n`, { mode: FILE_MODE });
  chmodSync(`${file}.new`, FILE_MODE);
  renameSync(`${file}.new`, file);
}

export function readManifest(folder: string): Result<Manifest, HindcastError> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(recordingPaths(folder).manifest, 'utf8'));
  } catch (error) {
    return err(notARecording(folder, reasonOf(error)));
  }
  if (!isManifest(value)) return err(notARecording(folder, 'its manifest.json does not describe one'));
  if (value.format > RECORDING_FORMAT) return err(newerRecording(folder, value.format, RECORDING_FORMAT));
  return ok({ ...value, options: recordOf(value.options), environment: recordOf(value.environment) });
}

/** A damaged manifest may lack what a reader can do without. */
function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  return typeof fields.format === 'number' && typeof fields.id === 'string' && Array.isArray(fields.command);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'it has no manifest.json';
  if (code === 'ENOTDIR') return 'it is a file, not a folder';
  return `its manifest.json cannot be read (${error instanceof Error ? error.message : String(error)})`;
}
