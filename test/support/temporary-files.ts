/** Temporary files of tests, and of what they start, lie in one folder, which goes when all have ended. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PREFIX = 'hindcast-';

export function setup(): (() => void) | undefined {
  // each project asks
  if (path.basename(os.tmpdir()).startsWith(PREFIX)) return undefined;
  const folder = mkdtempSync(path.join(os.tmpdir(), PREFIX));
  // as the system's own: another user makes files there, too
  chmodSync(folder, 0o1777);
  process.env['TMPDIR'] = folder;
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
