/** ledger.jsonl: what the sidecar and the command have to say about a recording. One JSON object a line, append-only. */
import { appendFileSync, readFileSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { RESERVE_FILE } from '../wire/spool.ts';
import { FILE_MODE, recordingPaths } from './recording-paths.ts';

export interface LedgerLine {
  /** stopped, sidecar, died, missing, dropped, damaged, opaque, … */
  readonly kind: string;
  /** milliseconds since the epoch */
  readonly at: number;
  readonly subject: string;
  readonly reason: string;
  readonly stream?: string;
}

/** Never throws: on a full disk the reserve makes room, and what does not fit even then is lost. */
export function appendLedger(recording: string, entry: Omit<LedgerLine, 'at'>): void {
  const line = `${JSON.stringify({ at: Date.now(), ...entry })}\n`;
  const file = recordingPaths(recording).ledger;
  if (tryAppend(file, line)) return;
  releaseReserve(recording);
  tryAppend(file, line);
}

export function releaseReserve(recording: string): void {
  try {
    unlinkSync(path.join(recording, RESERVE_FILE));
  } catch {
    // Used before.
  }
}

/** Whole lines only; a torn or foreign one is skipped. */
export function readLedger(recording: string): readonly LedgerLine[] {
  let text: string;
  try {
    text = readFileSync(recordingPaths(recording).ledger, 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap(parseLine);
}

function parseLine(line: string): LedgerLine[] {
  if (!line) return [];
  try {
    const entry: unknown = JSON.parse(line);
    return isEntry(entry) ? [entry] : [];
  } catch {
    return [];
  }
}

function isEntry(value: unknown): value is LedgerLine {
  return typeof value === 'object' && value !== null && 'kind' in value && 'reason' in value;
}

function tryAppend(file: string, line: string): boolean {
  try {
    appendFileSync(file, line, { mode: FILE_MODE });
    return true;
  } catch {
    return false;
  }
}
