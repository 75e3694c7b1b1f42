/**
 * Of an exact run: standard streams that were a terminal's have its class and say so. A terminal lies below outputs, where
 * the native helper is there to open one (`cli/src/output-terminal.ts`): Node's test runner looks at it before anything of
 * ours runs. Else pipes do, which Node's terminals take as well. What is asked of it is answered by the boundary.
 */
import net from 'node:net';
import type tty from 'node:tty';
import { isMainThread } from 'node:worker_threads';
import { disguise, replace } from '../patch.ts';
import { nativeTerminals } from '../terminal.ts';
import type { Serving } from './serving.ts';

const { apply } = Reflect;
const { defineProperty, getOwnPropertyDescriptor } = Object;
const { getBuiltinModule } = process;
const NAMES = ['stdin', 'stdout', 'stderr'] as const;

/** `terminals`: descriptors that were one. To be called before Node's `tty` is loaded. */
export function serveTerminal({ hide }: Serving, terminals: readonly number[]): void {
  if (terminals.length === 0) return;
  const native = nativeTerminals();
  const pipes = terminals.filter((fd) => !native.isTTY(fd));
  replace(
    native,
    'isTTY',
    hide,
    (original) =>
      function (...args) {
        return terminals.includes(args[0] as number) || apply(original, this, args);
      },
  );
  if (isMainThread) for (const fd of pipes) serveStream(fd, hide);
}

/** Node makes the stream when it is first asked for. */
function serveStream(fd: number, hide: Serving['hide']): void {
  const name = NAMES[fd]!;
  const own = getOwnPropertyDescriptor(process, name);
  const original = own?.get;
  if (!original || !own?.configurable) return;
  let stream: unknown;
  const holder = {
    get [name](): unknown {
      return (stream ??= made(fd, () => apply(original, process, [])));
    },
  };
  const get = disguise(getOwnPropertyDescriptor(holder, name)?.get as () => unknown, original, hide);
  defineProperty(process, name, { ...own, get });
}

/** Node makes a plain socket for a pipe: here it is given a terminal's stream in its place, and goes on as ever. */
function made(fd: number, make: () => unknown): unknown {
  const module = net as { Socket: unknown };
  const { Socket } = module;
  let isGiven = false;
  module.Socket = function () {
    // terminals are sockets themselves
    module.Socket = Socket;
    isGiven = true;
    const { ReadStream, WriteStream } = getBuiltinModule('node:tty') as typeof tty;
    return fd === 0 ? new ReadStream(fd) : new WriteStream(fd);
  };
  try {
    const stream = make();
    if (isGiven) unlikePipe(fd, stream as PipeMarks);
    return stream;
  } finally {
    module.Socket = Socket;
  }
}

interface PipeMarks {
  _type?: string;
  readonly _writableState: { ended: boolean };
}

/** Takes back what Node notes of pipes alone. */
function unlikePipe(fd: number, stream: PipeMarks): void {
  if (fd === 0) stream._writableState.ended = false;
  else stream._type = 'tty';
}
