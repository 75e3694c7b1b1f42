/** The request for a sequence diagram. It does not move the replay. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import path from 'node:path';
import type {
  SequenceAgainst,
  SequenceAnswer,
  SequenceArguments,
  SequenceScope,
} from '../../trace-runtime/src/model/sequence-answers.ts';
import { Places } from '../../trace-runtime/src/query/source-places.ts';
import type { Recording } from '../../trace-runtime/src/store/recording.ts';
import { PanelThread } from './panel-thread.ts';
import { RecordedThread } from './recorded-thread.ts';
import { SequencePage } from './sequence-page.ts';
import { sequenceOf, type Part, type Run, type Sequence } from './sequence-run.ts';
import { WhyRequests } from './why-requests.ts';
import type { Progress } from './work.ts';

/** A page has no more rows. */
const MOST_ROWS = 500;
/** Diagrams, and recordings beside the replayed one, that are remembered. */
const REMEMBERED = 4;
const OTHERS = 2;
const PERCENT = 100;

export abstract class SequenceRequests extends WhyRequests {
  private readonly others = new Map<string, Run>();
  private readonly sequences = new Map<string, Sequence>();

  /** Rejects with a sentence for the user. */
  protected abstract openRecording(name: string): Promise<Recording>;

  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    if (command !== 'sequence') return super.customRequest(command, response, args);
    this.sequence(response, args as Required<Omit<SequenceArguments, 'against'>> & SequenceArguments).catch(
      (error: unknown) => this.refuse(response, error instanceof Error ? error.message : String(error)),
    );
  }

  private async sequence(
    response: DebugProtocol.Response,
    { scope, inside, start, count, against }: Required<Omit<SequenceArguments, 'against'>> & SequenceArguments,
  ): Promise<void> {
    const part = { run: this.ownRun(), scope };
    this.check(part);
    const other = against && (await this.otherPart(part, against));
    const threads = [...part.run.panels, ...(other?.run === part.run ? [] : (other?.run.panels ?? []))];
    const key = JSON.stringify([scope, inside, against]);
    this.answer<SequenceAnswer>(response, {
      threads: threads.map(({ thread }) => thread),
      title: other ? 'Comparing calls' : 'Reading calls',
      work: function* (this: SequenceRequests): Progress<SequenceAnswer> {
        const sequence = yield* this.sequenceFor(key, part, inside, other);
        const page = new SequencePage([part.run, other?.run], other?.run === part.run, sequence);
        return yield* page.read(start, Math.min(count, MOST_ROWS));
      }.bind(this),
    });
  }

  private *sequenceFor(key: string, part: Part, inside: boolean, other: Part | undefined): Progress<Sequence> {
    const known = this.sequences.get(key);
    if (known) return known;
    const making = sequenceOf(part, inside, other);
    for (;;) {
      const step = making.next();
      if (step.done !== true) yield step.value * PERCENT;
      else {
        this.sequences.set(key, step.value);
        if (this.sequences.size > REMEMBERED) this.sequences.delete(this.sequences.keys().next().value!);
        return step.value;
      }
    }
  }

  private ownRun(): Run {
    return { recording: this.recording!, panels: this.threads.map((thread) => this.panel(thread)) };
  }

  /** What the other side of a comparison draws. */
  private async otherPart({ run, scope }: Part, against: SequenceAgainst): Promise<Part> {
    if (scope.kind === 'call') throw new Error('A whole run or a case can be compared: go out of the call first.');
    if (against.kind === 'case') {
      const part: Part = { run, scope: against };
      if (scope.kind !== 'case') throw new Error('A case can be compared with another one: choose a case first.');
      this.check(part);
      return part;
    }
    const other = await this.readOther(against.recording);
    if (scope.kind !== 'case') return { run: other, scope: { kind: 'whole' } };
    const name = nameOfCase(run, scope);
    for (const { thread } of other.panels) {
      const found = thread.timeline.replay.cases.find((each) => each.name === name);
      if (found) return { run: other, scope: { kind: 'case', threadId: thread.id, id: found.id } };
    }
    throw new Error(`${path.basename(other.recording.folder)} has no case ${name ?? ''}.`);
  }

  private async readOther(name: string): Promise<Run> {
    const known = this.others.get(name);
    if (known) return known;
    const recording = await this.openRecording(name);
    const places = new Places(recording);
    const panels: PanelThread[] = [];
    for (const [index] of recording.streams.entries()) {
      const thread = new RecordedThread(recording, index + 1);
      const task = { title: `Reading ${thread.name}`, work: thread.read(), total: thread.words };
      if (!(await this.work.background(task, []))) throw new Error('Reading the recording was cancelled.');
      panels.push(new PanelThread(places, thread));
    }
    const run = { recording, panels };
    this.others.set(name, run);
    if (this.others.size > OTHERS) this.others.delete(this.others.keys().next().value!);
    return run;
  }

  /** Throws a sentence where the run has no such thing. */
  private check({ run, scope }: Part): void {
    if (scope.kind === 'whole') return;
    const panel = run.panels.find(({ thread }) => thread.id === scope.threadId);
    if (!panel) throw new Error(`There is no thread ${scope.threadId}.`);
    if (scope.kind === 'case' && nameOfCase(run, scope) === undefined) throw new Error(`There is no case ${scope.id}.`);
    if (scope.kind === 'call' && panel.thread.calls.firstSpan(scope.call) === undefined)
      throw new Error(`There is no call ${scope.call}.`);
  }
}

function nameOfCase({ panels }: Run, { threadId, id }: Extract<SequenceScope, { kind: 'case' }>): string | undefined {
  const panel = panels.find(({ thread }) => thread.id === threadId);
  return panel?.thread.timeline.replay.cases.find((each) => each.id === id)?.name;
}
