/** What `hindcast validate` says, as its `--json` has it (cli/json.md) and as people read it. */
import * as vscode from 'vscode';
import type { VerdictName } from '../../../trace-runtime/src/rerun/verdict-name.ts';
import type { RecordedPlace } from '../recording/recording-info.ts';

export type { VerdictName };

export interface VerdictReason {
  readonly text: string;
  readonly place: RecordedPlace | null;
}

/** On one failure of a recording. */
export interface CaseVerdict {
  readonly case: { readonly id: number; readonly name: string } | null;
  readonly failure: { readonly type: string; readonly message: string };
  readonly verdict: VerdictName;
  readonly reasons: readonly VerdictReason[];
}

export interface Validation {
  readonly recording: string;
  /** the worst of `cases` */
  readonly verdict: VerdictName;
  readonly reasons: readonly VerdictReason[];
  readonly cases: readonly CaseVerdict[];
  /** where the rerun first went another way */
  readonly divergence: { readonly sentence: string; readonly place: RecordedPlace | null } | null;
  /** folder of its recording */
  readonly rerun: string | null;
}

interface Look {
  readonly title: string;
  /** a codicon */
  readonly icon: string;
  readonly color: string;
}

export const LOOKS: Readonly<Record<VerdictName, Look>> = {
  fixed: { title: 'Fixed', icon: 'pass-filled', color: 'testing.iconPassed' },
  'still-failing': { title: 'Still failing', icon: 'error', color: 'testing.iconFailed' },
  'different-failure': { title: 'A different failure', icon: 'warning', color: 'testing.iconFailed' },
  inconclusive: { title: 'Inconclusive', icon: 'question', color: 'testing.iconQueued' },
};

export function iconOf(verdict: VerdictName): vscode.ThemeIcon {
  const { icon, color } = LOOKS[verdict];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** Of one case, where the recording has it; else of all. `name`: null is what failed outside of any case. */
export function verdictOf(validation: Validation, name: string | null | undefined): CaseVerdict | Validation {
  return validation.cases.find((each) => name !== undefined && (each.case?.name ?? null) === name) ?? validation;
}

/** `src/cart.js:12`; '' where there is no place. */
export function shownPlace(place: RecordedPlace | null): string {
  if (!place) return '';
  const file = vscode.workspace.asRelativePath(place.path);
  return place.line ? `${file}:${place.line}` : file;
}

/** A reason in one line, with its place. */
export function reasonLine({ text, place }: VerdictReason): string {
  return [text, shownPlace(place)].filter(Boolean).join(', ');
}

export function locationOf(place: RecordedPlace | null): vscode.Location | undefined {
  if (!place) return undefined;
  const at = new vscode.Position(Math.max(0, (place.line ?? 1) - 1), Math.max(0, (place.column ?? 1) - 1));
  return new vscode.Location(vscode.Uri.file(place.path), at);
}

/** Shows the place in an editor. */
export async function openPlace(place: RecordedPlace): Promise<void> {
  const { uri, range } = locationOf(place)!;
  try {
    const preserves = { preview: true, selection: range };
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), preserves);
  } catch {
    void vscode.window.showInformationMessage(`${shownPlace(place)} cannot be opened: the file is not there any more.`);
  }
}
