/** Tells the panels what reruns of the recording that they show have shown. */
import * as vscode from 'vscode';
import type { Proof, ShownVerdict } from '../../../webview-ui/src/messages.ts';
import type { Corpus, KeptEntry } from '../corpus/corpus.ts';
import { failureTitle } from '../recording/recording-info.ts';
import type { Recordings } from '../recordings/recordings.ts';
import { shownTime } from '../recordings/shown.ts';
import type { Confirmations } from '../validation/confirmations.ts';
import type { Targets } from '../validation/targets.ts';
import { LOOKS, shownPlace, type CaseVerdict, type VerdictReason } from '../validation/verdict.ts';
import type { Verdicts } from '../validation/verdicts.ts';
import type { ReplayFollower } from './replay-follower.ts';

export interface ProofParts {
  readonly recordings: Recordings;
  readonly targets: Targets;
  readonly verdicts: Verdicts;
  readonly corpus: Corpus;
  readonly confirmations: Confirmations;
}

export class Proofs implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable;
  /** what is looked at: later answers to earlier questions are not wanted */
  private round = 0;
  /** the failing recording that the panels show */
  private shown: string | undefined;

  constructor(
    private readonly follower: ReplayFollower,
    private readonly parts: ProofParts,
  ) {
    const look = (): void => void this.look();
    this.subscriptions = vscode.Disposable.from(
      follower.onDidSwitch(look),
      parts.verdicts.onDidChange(look),
      parts.corpus.onDidChange(look),
      parts.confirmations.onDidChange(look),
      vscode.workspace.onDidGrantWorkspaceTrust(look),
    );
    look();
  }

  /** Whether the panels show what a rerun of that recording showed. */
  shows(recording: string): boolean {
    return this.shown === recording;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async look(): Promise<void> {
    const round = ++this.round;
    const found = await this.proof().catch(() => undefined);
    if (round !== this.round) return;
    const proof = found?.proof;
    this.shown = found?.recording;
    this.follower.setProof(proof);
    const canValidate = proof !== undefined && proof.isAllowed;
    void vscode.commands.executeCommand('setContext', 'hindcast.canValidate', canValidate);
  }

  /** undefined where nothing failed that could be run again */
  private async proof(): Promise<{ readonly recording: string; readonly proof: Proof } | undefined> {
    const name = this.follower.recording;
    if (name === undefined) return undefined;
    const { recordings, targets, verdicts, corpus, confirmations } = this.parts;
    const recording = await recordings.original(name);
    const info = await targets.infoOf(recording);
    const fails = info ? info.failures.length > 0 || info.recording.exitCode !== 0 : true;
    if (!fails) return undefined;
    const verdict = verdicts.of(recording);
    const kept = verdict ? await corpus.list() : [];
    const proof: Proof = {
      isRunning: verdicts.isRunning(recording),
      isAllowed: vscode.workspace.isTrusted,
      isRerun: recording !== name,
      verdicts: (verdict?.cases ?? []).map((each) => shownVerdict(each, kept)),
      at: verdict ? shownTime(verdict.at) : '',
      isOld: verdict?.isOld ?? false,
      difference: verdict?.divergence?.sentence ?? null,
      hasRerun: typeof verdict?.rerun === 'string',
      confirmations: confirmations.of(recording),
    };
    return { recording, proof };
  }
}

function shownVerdict(each: CaseVerdict, kept: readonly KeptEntry[]): ShownVerdict {
  const name = each.case?.name ?? null;
  const isKept = kept.some(({ facts }) =>
    name === null ? facts?.case === null && failureTitle(facts) === failureTitle(each.failure) : facts?.case === name,
  );
  const { verdict, reasons } = each;
  return { case: name, verdict, title: LOOKS[verdict].title, reasons: reasons.map(shownReason), isKept };
}

function shownReason({ text, place }: VerdictReason): ShownVerdict['reasons'][number] {
  return { text, place: place && { path: place.path, line: place.line ?? 1, name: shownPlace(place) } };
}
