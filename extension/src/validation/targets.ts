/** What a command that validates is about: of a menu, a link, a panel; else of the replay; else the newest that failed. */
import path from 'node:path';
import * as vscode from 'vscode';
import { readManifest } from '../../../trace-runtime/src/store/manifest.ts';
import { failureTitle, type RecordingInfo } from '../recording/recording-info.ts';
import type { Recordings } from '../recordings/recordings.ts';
import type { Node } from '../recordings/recordings-view.ts';
import { activeReplay } from '../replay/replayer.ts';

/** What links and panels say. No recording: that of the replay. */
export interface TargetArgument {
  readonly recording?: string;
  /** name of the case; null: what failed outside of any */
  readonly case?: string | null;
}

export interface Target {
  /** its folder, or a portable file */
  readonly recording: string;
  /** undefined: all of it */
  readonly case: string | null | undefined;
  readonly title: string;
}

export class Targets {
  constructor(private readonly recordings: Recordings) {}

  /** undefined where there is nothing to validate; the user was told. */
  async of(argument: unknown): Promise<Target | undefined> {
    const { recording, case: name } = givenBy(argument);
    const replayed = activeReplay()?.configuration.recording as unknown;
    const named = recording ?? (typeof replayed === 'string' ? replayed : undefined);
    const found =
      named === undefined ? (await this.recordings.newestFailing())?.path : await this.recordings.original(named);
    if (found === undefined) {
      void vscode.window.showInformationMessage(
        'There is no recording of a failure here yet. Record what fails first.',
      );
      return undefined;
    }
    const info = await this.infoOf(found);
    const failures = info?.failures ?? [];
    if (info && failures.length === 0 && info.recording.exitCode === 0) {
      void vscode.window.showInformationMessage('Nothing failed in this recording, so there is nothing to validate.');
      return undefined;
    }
    const [only] = failures;
    const own = name === undefined && only && failures.length === 1 ? (only.case?.name ?? null) : name;
    return { recording: found, case: own, title: titleOf(found, info, own) };
  }

  /** undefined where it cannot be read */
  async infoOf(recording: string): Promise<RecordingInfo | undefined> {
    const manifest = readManifest(recording);
    if (!manifest.ok) return undefined;
    const { id, endedAt } = manifest.value;
    return this.recordings.info({ id, path: recording, endedAt: endedAt ?? null }).catch(() => undefined);
  }
}

function givenBy(argument: unknown): TargetArgument {
  if (typeof argument === 'string') return { recording: argument };
  if (typeof argument !== 'object' || argument === null) return {};
  if (!('kind' in argument)) return argument as TargetArgument;
  const node = argument as Node;
  if (!('entry' in node)) return {};
  const recording = node.entry.path;
  if (node.kind === 'case') return { recording, case: node.facts.name };
  return node.kind === 'failure' ? { recording, case: node.failure.case?.name ?? null } : { recording };
}

/** What failed, for people. */
function titleOf(recording: string, info: RecordingInfo | undefined, name: string | null | undefined): string {
  if (name) return name;
  const failures = info?.failures ?? [];
  const [first] = failures.filter((each) => name === undefined || !each.case);
  if (!info || !first || (name === undefined && failures.length > 1)) return titleOfRun(recording, info);
  return first.case?.name ?? failureTitle(first);
}

function titleOfRun(recording: string, info: RecordingInfo | undefined): string {
  return info?.recording.name ?? info?.recording.command.join(' ') ?? path.basename(recording);
}
