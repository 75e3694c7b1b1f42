/** Requests about slices. While one is shown, Step Back and Step Over go along it. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { sliceAt, type Slice } from '../../trace-runtime/src/analysis/slice/slice.ts';
import type { SliceAnswer, SliceArguments } from '../../trace-runtime/src/model/slice-answers.ts';
import type { Position } from '../../trace-runtime/src/query/timeline.ts';
import { ObjectRequests } from './object-requests.ts';
import type { RecordedThread } from './recorded-thread.ts';

/** What is looked at, in events: it is made at once. */
const EVENTS = 250_000;

interface ShownSlice {
  readonly thread: RecordedThread;
  /** in the order in which they ran */
  readonly positions: readonly Position[];
}

export abstract class SliceRequests extends ObjectRequests {
  private sliced: ShownSlice | undefined;

  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    if (command === 'slice') return this.slice(response, args as SliceArguments);
    super.customRequest(command, response, args);
  }

  protected override stepBackRequest(
    response: DebugProtocol.StepBackResponse,
    args: DebugProtocol.StepBackArguments,
  ): void {
    if (this.sliced?.thread.id !== args.threadId) return super.stepBackRequest(response, args);
    this.along(response, 'backward');
  }

  protected override nextRequest(response: DebugProtocol.NextResponse, args: DebugProtocol.NextArguments): void {
    if (this.sliced?.thread.id !== args.threadId) return super.nextRequest(response, args);
    this.along(response, 'forward');
  }

  private slice(response: DebugProtocol.Response, { threadId, leave }: SliceArguments): void {
    this.sliced = undefined;
    if (leave === true) return this.send(response, {});
    const thread = this.thread(threadId);
    if (!thread) return this.refuse(response, `There is no thread ${threadId}.`);
    if (thread.timeline.replay.stack.length === 0)
      return this.refuse(response, 'No recorded code is running at this moment.');
    const { timeline, reader, files, sources } = thread;
    const at = timeline.position;
    this.answer<SliceAnswer>(response, {
      threads: [thread],
      title: 'Looking for what it depends on',
      work: function* (this: SliceRequests) {
        yield at.moment;
        // from here to the end at once: whoever moves the thread in between would have it made anew
        timeline.seek(at);
        const work = sliceAt({ timeline, reader, files, sources }, at, EVENTS);
        for (;;) {
          const step = work.next();
          if (step.done !== true) continue;
          this.sliced = { thread, positions: step.value.runs };
          return this.told(thread, step.value);
        }
      }.bind(this),
    });
  }

  private told({ reader }: RecordedThread, { statements, runs, ran, isOpen }: Slice): SliceAnswer {
    const files = new Map<string, Set<number>>();
    for (const { file, start } of statements) {
      const { path, line } = this.places!.of(reader, file, start);
      if (line === undefined) continue;
      const known = files.get(path);
      if (known) known.add(line);
      else files.set(path, new Set([line]));
    }
    return {
      files: [...files].map(([path, lines]) => ({ path, lines: [...lines].sort((a, b) => a - b) })),
      runs: runs.length,
      ran,
      complete: !isOpen,
    };
  }

  private along(response: DebugProtocol.Response, direction: 'forward' | 'backward'): void {
    const { thread, positions } = this.sliced!;
    const { timeline } = thread;
    const here = timeline.position;
    const to =
      direction === 'backward'
        ? positions.findLast((each) => compare(each, here) < 0)
        : positions.find((each) => compare(each, here) > 0);
    if (!to) {
      const which = direction === 'backward' ? 'first' : 'last';
      return this.refuse(response, `This is the ${which} statement of the slice: leave it to go on.`);
    }
    this.step(response, thread.id, direction, function* () {
      yield* [];
      timeline.seek(to);
      return true;
    });
  }
}

function compare(a: Position, b: Position): number {
  return a.moment - b.moment || a.statements - b.statements;
}
