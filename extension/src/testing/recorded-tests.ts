/** For each test, where its last recording is, and what came of it. Kept with the workspace. */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { RecordedCase } from '../recording/recording-info.ts';
import type { TestReference } from './workspace/test-model.ts';

export interface RecordedTest {
  /** the recording's folder */
  readonly recording: string;
  readonly stream: number;
  /** its first and last moment */
  readonly first: number;
  readonly last: number;
  /** moment of its failure */
  readonly failure?: number;
  /** whole name of its case; tests that were recorded by an older Hindcast lack it */
  readonly name?: string;
  readonly outcome: Exclude<RecordedCase['outcome'], 'skipped'>;
}

const KEY = 'hindcast.recordedTests';
const MOST = 3000;
const SAVE_MS = 1000;
/** How long it is believed that a recording is still there. */
const BELIEVE_MS = 5000;

export class RecordedTests implements vscode.Disposable {
  /** oldest first */
  private readonly tests: Map<string, RecordedTest>;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly there = new Map<string, { readonly exists: boolean; readonly at: number }>();
  private saving: NodeJS.Timeout | undefined;
  readonly onDidChange = this.changed.event;

  constructor(private readonly state: vscode.Memento) {
    this.tests = new Map(state.get<readonly [string, RecordedTest][]>(KEY, []));
  }

  note(all: readonly (readonly [TestReference, RecordedTest])[]): void {
    for (const [reference, recorded] of all) {
      const key = keyOf(reference);
      this.tests.delete(key);
      this.tests.set(key, recorded);
      this.there.delete(recorded.recording);
    }
    for (const key of this.tests.keys()) {
      if (this.tests.size <= MOST) break;
      this.tests.delete(key);
    }
    this.changed.fire();
    this.saving ??= setTimeout(() => void this.save(), SAVE_MS);
  }

  /** Of the test itself, or the worst of those in it; of equal ones the latest. */
  of(reference: TestReference): RecordedTest | undefined {
    const own = this.tests.get(keyOf(reference));
    if (own && this.isThere(own.recording)) return own;
    const prefix = keyOf(reference) + SEPARATOR;
    let worst: RecordedTest | undefined;
    for (const [key, test] of this.tests) {
      if (!key.startsWith(prefix) || (worst && RANK[test.outcome] < RANK[worst.outcome])) continue;
      if (this.isThere(test.recording)) worst = test;
    }
    return worst;
  }

  dispose(): void {
    clearTimeout(this.saving);
    this.changed.dispose();
  }

  private isThere(recording: string): boolean {
    const now = Date.now();
    const known = this.there.get(recording);
    if (known && now - known.at < BELIEVE_MS) return known.exists;
    const exists = existsSync(recording);
    this.there.set(recording, { exists, at: now });
    return exists;
  }

  private async save(): Promise<void> {
    this.saving = undefined;
    await this.state.update(KEY, [...this.tests]);
  }
}

const RANK: Readonly<Record<RecordedTest['outcome'], number>> = {
  passed: 1,
  unfinished: 2,
  timedOut: 3,
  failed: 4,
};

const SEPARATOR = '\u0001';

function keyOf({ file, ids, row }: TestReference): string {
  return [file, ...ids, ...(row === undefined ? [] : [row])].join(SEPARATOR);
}
