/** Opens what an alert or a drift points to: a recording, at the request that failed or was slow. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Exemplar } from '../../../operational-loop/src/api/messages.ts';
import type { Replayer } from '../replay/replayer.ts';

/** Where a recording can be that is told by its folder, by a path from the folder of work, or by its name there. */
export function placesOf(folder: string | undefined, recording: string): readonly string[] {
  if (path.isAbsolute(recording)) return [recording];
  if (folder === undefined) return [];
  return [path.join(folder, recording), path.join(folder, '.hindcast', 'recordings', recording)];
}

/** Stands at the failure of a request that failed, and at the beginning of one that was slow. */
export async function openExemplar(
  replayer: Replayer,
  places: readonly string[],
  { recording, case: caseId, symptom }: Exemplar,
): Promise<void> {
  const found = find(places, recording);
  if (found !== undefined) await replayer.replay(found, { caseId, ...(symptom === 'slow' ? { moment: 'entry' } : {}) });
}

export async function openRecording(replayer: Replayer, places: readonly string[], recording: string): Promise<void> {
  const found = find(places, recording);
  if (found !== undefined) await replayer.replay(found);
}

/** Undefined where it is in none; the user was told. */
function find(places: readonly string[], recording: string): string | undefined {
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    void vscode.window.showErrorMessage(
      `The recording ${recording} is no longer there: it may have made room for newer ones.`,
    );
  return found;
}
