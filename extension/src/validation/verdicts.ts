/** The last verdict on each failing recording. Kept with the workspace. */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Validation } from './verdict.ts';

export interface Verdict extends Validation {
  /** milliseconds since the epoch */
  readonly at: number;
  /** whether a source of the recording was saved since */
  readonly isOld: boolean;
}

const KEY = 'hindcast.verdicts';
const MOST = 200;
/** A verdict has as many reasons as there are calls that nothing answers. */
const MOST_REASONS = 20;

export class Verdicts implements vscode.Disposable {
  /** by recording, oldest first */
  private readonly known: Map<string, Verdict>;
  private readonly running = new Set<string>();
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {
    const kept = state.get<readonly [string, Verdict][]>(KEY, []);
    this.known = new Map(kept.filter(([recording]) => existsSync(recording)));
  }

  of(recording: string): Verdict | undefined {
    return this.known.get(recording);
  }

  /** Recordings that have one. */
  get recordings(): readonly string[] {
    return [...this.known.keys()];
  }

  isRunning(recording: string): boolean {
    return this.running.has(recording);
  }

  get isAnyRunning(): boolean {
    return this.running.size > 0;
  }

  setRunning(recording: string, isRunning: boolean): void {
    if (isRunning) this.running.add(recording);
    else this.running.delete(recording);
    this.changed.fire();
  }

  note(recording: string, validation: Validation): Verdict {
    const reasons = validation.reasons.slice(0, MOST_REASONS);
    const cases = validation.cases.map((each) => ({ ...each, reasons: each.reasons.slice(0, MOST_REASONS) }));
    const verdict = { ...validation, reasons, cases, at: Date.now(), isOld: false };
    this.put(recording, verdict);
    return verdict;
  }

  /** Its sources are others now. */
  noteEdit(recording: string): void {
    const verdict = this.known.get(recording);
    if (verdict && !verdict.isOld) this.put(recording, { ...verdict, isOld: true });
  }

  private put(recording: string, verdict: Verdict): void {
    this.known.delete(recording);
    this.known.set(recording, verdict);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MOST) break;
      this.known.delete(oldest);
    }
    this.changed.fire();
    void this.state.update(KEY, [...this.known]);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
