/** A command that was forked by somebody who is not recorded: what its parent told it is told again, in answer to as much. */
import type { ChildProcess, Serializable } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pauseFor } from 'node:timers/promises';
import v8 from 'node:v8';
import type { Recording } from '../store/recording.ts';
import type { BoundaryEntry, ReadStream } from './boundary-entries.ts';
import type { Contents } from './contents.ts';

export interface ParentTalk {
  readonly messages: readonly ParentMessage[];
  /** how many messages the program sent */
  readonly said: number;
}

export interface ParentMessage {
  readonly value: Serializable;
  /** messages that the program had sent before */
  readonly said: number;
  /** milliseconds after what came before it */
  readonly after: number;
}

/** Undefined: the command spoke with nobody. */
export function parentTalkOf(
  { streams }: Recording,
  read: readonly ReadStream[],
  contents: Contents,
): ParentTalk | undefined {
  for (const [index, { hello }] of streams.entries()) {
    if (!hello || hello.parent !== null || hello.threadId !== 0) continue;
    const talk = talkIn(read[index]!.entries, contents);
    if (talk.messages.length > 0 || talk.said > 0) return talk;
  }
  return undefined;
}

function talkIn(entries: readonly BoundaryEntry[], contents: Contents): ParentTalk {
  const messages: ParentMessage[] = [];
  let said = 0;
  let last: number | undefined;
  for (const { kind, detail } of entries) {
    const time = typeof detail['time'] === 'number' ? detail['time'] : undefined;
    if (kind === 'message.out' && detail['to'] === 'parent') said++;
    else if (kind === 'message.in' && detail['from'] === 'parent') {
      const after = time === undefined || last === undefined ? 0 : Math.max(0, time - last);
      messages.push({ value: valueOf(detail['message'], contents), said, after });
    }
    last = time ?? last;
  }
  return { messages, said };
}

function valueOf(message: unknown, contents: Contents): Serializable {
  const { v8: packed, value } = message as { readonly v8?: unknown; readonly value?: Serializable };
  if (packed !== undefined) return v8.deserialize(contents.bytes(packed) ?? Buffer.alloc(0)) as Serializable;
  if (value !== undefined) return value;
  return contents.bytes(message)?.toString('utf8') ?? null!;
}

/** Nobody waits longer than that between two messages. */
const LONGEST_GAP_MS = 2000;

export interface ConverseOptions {
  readonly over: AbortSignal;
  /** hears of what could not be answered */
  readonly unmatched: (what: string) => void;
}

/** Resolves when all was said. */
export async function converse(
  child: ChildProcess,
  { messages, said: most }: ParentTalk,
  { over, unmatched }: ConverseOptions,
): Promise<void> {
  let said = 0;
  child.on('message', () => {
    said++;
    if (said === most + 1) unmatched('a message to its parent that it did not send then');
  });
  for (const message of messages) {
    while (said < message.said && !over.aborted) await once(child, 'message', { signal: over }).catch(() => undefined);
    const gap = Math.min(LONGEST_GAP_MS, message.after);
    await pauseFor(gap, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted || !child.connected) return;
    child.send(message.value, () => undefined);
  }
  while (said < most && !over.aborted) await once(child, 'message', { signal: over }).catch(() => undefined);
}
