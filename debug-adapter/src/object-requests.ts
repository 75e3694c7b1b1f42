/** Requests about objects: which one a name stands for, what it and those it refers to hold, and when they change. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type {
  ObjectChangesAnswer,
  ObjectChangesArguments,
  ObjectGraphAnswer,
  ObjectGraphArguments,
  ObjectRootAnswer,
  ObjectRootArguments,
} from '../../trace-runtime/src/model/object-answers.ts';
import { ObjectValue } from '../../trace-runtime/src/query/values.ts';
import { valueOf } from './changes.ts';
import { objectChanges, objectGraph } from './object-graph.ts';
import { SequenceRequests } from './sequence-requests.ts';
import { callOf } from './state-requests.ts';

export abstract class ObjectRequests extends SequenceRequests {
  protected override customRequest(command: string, response: DebugProtocol.Response, args: unknown): void {
    if (command === 'objectRoot') return this.objectRoot(response, args as ObjectRootArguments);
    if (command === 'objectGraph') return this.objectGraph(response, args as ObjectGraphArguments);
    if (command === 'objectChanges') return this.objectChanges(response, args as ObjectChangesArguments);
    super.customRequest(command, response, args);
  }

  private objectRoot(response: DebugProtocol.Response, args: ObjectRootArguments): void {
    const name = args.expression ?? args.name ?? '';
    const found = this.objectNamed(args);
    if (typeof found === 'string') return this.refuse(response, found);
    this.send(response, { ...found, name } satisfies ObjectRootAnswer);
  }

  /** A sentence where it is none. */
  private objectNamed(args: ObjectRootArguments): Omit<ObjectRootAnswer, 'name'> | string {
    const { expression, frameId } = args;
    const asked = this.asked(args);
    if (typeof asked !== 'string') {
      const value = valueOf(asked.thread, asked.watched)?.value;
      if (value instanceof ObjectValue) return { threadId: asked.thread.id, object: value.id };
    }
    const frame = frameId === undefined ? this.top() : this.frames.get(frameId);
    const call = frame && callOf(frame);
    if (frame && call && expression !== undefined) {
      const evaluated = frame.thread.evaluator.evaluate(call, expression, { sandbox: undefined });
      if (!('fault' in evaluated) && evaluated.value instanceof ObjectValue)
        return { threadId: frame.thread.id, object: evaluated.value.id };
    }
    return `${expression ?? args.name ?? 'This'} is no object at this moment.`;
  }

  private objectGraph(response: DebugProtocol.Response, args: ObjectGraphArguments): void {
    const thread = this.thread(args.threadId);
    if (!thread) return this.refuse(response, `There is no thread ${args.threadId}.`);
    this.send(response, objectGraph(thread, args) satisfies ObjectGraphAnswer);
  }

  private objectChanges(response: DebugProtocol.Response, { threadId, objects }: ObjectChangesArguments): void {
    const thread = this.thread(threadId);
    if (!thread) return this.refuse(response, `There is no thread ${threadId}.`);
    this.answer<ObjectChangesAnswer>(response, {
      threads: [thread],
      title: 'Looking for changes',
      work: () => objectChanges(thread, this.places!, objects),
    });
  }
}
