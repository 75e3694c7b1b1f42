/** The collector process of one recording: `node sidecar.cjs RECORDING`. */
import '../base/own-process.ts';
import { existsSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { blobPacker } from './blob-packer.ts';
import { Collector } from './collector.ts';
import { takeLock } from './lock.ts';
import { siteFiles } from './site-files.ts';
import { KeepWindow, segmentLimits } from './keep-window.ts';
import { LightWindow } from './light-window.ts';
import { cutRecording } from '../store/cut-recording.ts';
import { appendLedger, releaseReserve } from '../store/ledger.ts';
import { readManifest, writeManifest } from '../store/manifest.ts';
import { FOLDER_MODE, recordingPaths } from '../store/recording-paths.ts';
import { enforceRetention, isInDefaultStore } from '../store/recordings.ts';
import { WAKE_SIGNAL } from '../wire/sidecar-lock.ts';
import { FINISH_FILE } from '../wire/spool.ts';

async function main(recording: string): Promise<number> {
  const manifest = readManifest(recording);
  if (!manifest.ok) return manifest.error.exitCode;
  const paths = recordingPaths(recording);
  const lock = takeLock(paths.spool);
  if (!lock) return 0;
  if (lock.number > 0) {
    const reason = `collector ${lock.number} died; another went on in a new segment, with nothing lost that was in the spool`;
    appendLedger(recording, { kind: 'sidecar', subject: 'collector', reason });
  }
  const { cacheDir, cache } = manifest.value.options;
  const folder = typeof cacheDir === 'string' ? cacheDir : typeof cache === 'string' ? cache : defaultCache();
  const { keep, recorder } = manifest.value;
  const isLight = manifest.value.options['level'] === 'light';
  const window = keep && (isLight ? new LightWindow(recording, keep) : new KeepWindow(recording, keep));
  const blobs = blobPacker(paths.blobs);
  const sites = siteFiles(recording, folder, isLight);
  const collector = new Collector({
    recording,
    lock,
    sites,
    recorder,
    limits: segmentLimits(keep),
    cut: () => cutRecording(recording, path.dirname(recording)),
    tend() {
      window?.tend();
      sites.keepPlain();
      void blobs.pack();
    },
  });
  process.on(WAKE_SIGNAL, () => collector.wake());
  process.on('SIGTERM', () => collector.end());
  if (!(await collector.run())) return 0;
  window?.tend();
  sites.keepPlain();
  await blobs.pack();
  complete(recording);
  return 0;
}

/** The `record` command writes the end into the manifest; where it is gone, its collector does. */
function complete(recording: string): void {
  const asked = existsSync(path.join(recording, FINISH_FILE));
  const manifest = readManifest(recording);
  if (!asked && manifest.ok) {
    appendLedger(recording, { kind: 'died', subject: 'record', reason: 'the record command ended before its program' });
    const { recorder: _recorder, ...rest } = manifest.value;
    writeManifest(recording, { ...rest, state: 'complete', endedAt: Date.now() });
  }
  releaseReserve(recording);
  rmSync(path.join(recording, FINISH_FILE), { force: true });
  // The command waits for this.
  rmSync(recordingPaths(recording).spool, { recursive: true, force: true });
  if (!isInDefaultStore(recording)) return;
  const limit = manifest.ok ? manifest.value.options.storeBytes : undefined;
  enforceRetention(path.dirname(recording), typeof limit === 'number' ? limit : undefined);
}

function defaultCache(): string {
  return path.join(os.homedir(), '.cache', 'hindcast');
}

process.umask(0o777 & ~FOLDER_MODE);
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
main(path.resolve(process.argv[2] ?? '')).then(
  (code) => process.exit(code),
  (error: unknown) => {
    appendLedger(path.resolve(process.argv[2] ?? ''), {
      kind: 'sidecar',
      subject: 'collector',
      reason: `the collector failed: ${error instanceof Error ? error.message : String(error)}`,
    });
    process.exit(1);
  },
);
