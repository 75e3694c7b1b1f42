/** What the command prints with `--json`: cli/json.md. */
import { firstLine } from '../../../trace-runtime/src/base/first-line.ts';

export interface RecordingEntry {
  readonly id: string;
  readonly path: string;
  readonly command: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly state: 'recording' | 'complete' | 'abandoned';
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly bytes: number;
  readonly pinned: boolean;
  /** that the user gave it */
  readonly name: string | null;
  /** id of the recording that `validate` ran again */
  readonly rerunOf: string | null;
  /** it came from a portable file; `list` alone tells */
  readonly imported?: boolean;
}

export interface RecordedPlace {
  readonly path: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface RecordedFailure {
  readonly kind: 'exception' | 'rejection' | 'case' | 'exit' | 'marked';
  readonly type: string;
  readonly message: string;
  readonly stream: number;
  readonly moment: number;
  readonly functionName: string;
  readonly place: RecordedPlace | null;
  readonly case: { readonly id: number; readonly name: string } | null;
  readonly identity: string;
}

export interface RecordedCase {
  readonly id: number;
  readonly parent: number;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly stream: number;
  readonly first: number;
  readonly last: number | null;
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'timedOut' | 'unfinished';
}

export interface RecordingInfo {
  readonly recording: RecordingEntry & { readonly cwd: string };
  readonly streams: readonly { readonly number: number; readonly id: string }[];
  readonly events: number;
  readonly failures: readonly RecordedFailure[];
  readonly cases: readonly RecordedCase[];
  /** the program's own files; recordings that were read by an older Hindcast lack them */
  readonly sources?: readonly string[];
}

export function isFailed({ exitCode, signal }: Pick<RecordingEntry, 'exitCode' | 'signal'>): boolean {
  return signal !== null || (exitCode ?? 0) !== 0;
}

/** `TypeError: x is not a function`, on one line. */
export function failureTitle({ type, message }: Pick<RecordedFailure, 'type' | 'message'>): string {
  return [type, firstLine(message)].filter(Boolean).join(': ');
}
