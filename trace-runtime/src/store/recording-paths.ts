/** The places in a recording's folder. Folders are 0700, files 0600. */
import path from 'node:path';

export interface RecordingPaths {
  readonly folder: string;
  readonly manifest: string;
  readonly ledger: string;
  readonly spool: string;
  readonly streams: string;
  readonly sites: string;
  readonly sources: string;
  readonly blobs: string;
  /** there while the recording must not be deleted for room */
  readonly pin: string;
  /** holds the name that the user gave it */
  readonly name: string;
  /** moments that were marked wrong */
  readonly marks: string;
}

export function recordingPaths(folder: string): RecordingPaths {
  const at = (name: string): string => path.join(folder, name);
  return {
    folder,
    manifest: at('manifest.json'),
    ledger: at('ledger.jsonl'),
    spool: at('spool'),
    streams: at('streams'),
    sites: at('sites'),
    sources: at('sources'),
    blobs: at('blobs'),
    pin: at('pinned'),
    name: at('name'),
    marks: at('marks.json'),
  };
}

export const FOLDER_MODE = 0o700;
export const FILE_MODE = 0o600;
