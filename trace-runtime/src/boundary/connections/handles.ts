/**
 * Handles of played connections: what Node asks of them is answered here and reaches no system. Of Node's own classes,
 * so that whatever looks at them finds what it expects.
 */
import { nativeBinding } from '../native-binding.ts';
import { replace, type AnyFunction } from '../patch.ts';
import type { Ends } from './ends.ts';
import type { Life, Request } from './life.ts';

type Handle = object;
type NewHandle = new (type: number) => Handle;

export interface Natives {
  readonly TCP: NewHandle;
  readonly Pipe: NewHandle;
  readonly TLSWrap: { readonly prototype: object };
}

export interface HandleAnswers {
  lifeOf(handle: Handle): Life | undefined;
  /** the connection that a handle is about to make; undefined: a real one */
  opening(handle: Handle): Life | undefined;
  /** 0, or why it fails at once */
  connect(life: Life, handle: Handle, request: Request): number;
  /** 1: it was done at once */
  shutdown(life: Life, request: Request): number;
}

const { apply, construct } = Reflect;
const { defineProperty, getPrototypeOf, assign } = Object;
/** Of both kinds of handle. */
const SOCKET = 0;
const NOT_CONNECTED = -107;

export function nativeHandles(): Natives {
  return assign({}, ...['tcp_wrap', 'pipe_wrap', 'tls_wrap'].map(nativeBinding)) as Natives;
}

export function newSocketHandle(NewHandle: NewHandle): Handle {
  return construct(NewHandle, [SOCKET]) as Handle;
}

/** Its counters are those of the connection. */
export function countBytes(handle: Handle, life: Life): void {
  for (const name of ['bytesRead', 'bytesWritten'] as const)
    defineProperty(handle, name, { get: () => life[name], configurable: true });
}

export function answerHandles(
  { TCP, Pipe, TLSWrap }: Natives,
  hide: (wrapper: object, original: object) => unknown,
  answers: HandleAnswers,
): void {
  const stream = getPrototypeOf(TCP.prototype) as object;
  const on = (owner: object, name: string, answer: (life: Life, args: unknown[], handle: Handle) => unknown): void =>
    void replace(
      owner,
      name,
      hide,
      (original): AnyFunction =>
        function (...args) {
          const life = answers.lifeOf(this as Handle);
          return life ? answer(life, args, this as Handle) : apply(original, this, args);
        },
    );
  const opens = (owner: object, name: string, answer: (life: Life, handle: Handle, request: Request) => number): void =>
    void replace(
      owner,
      name,
      hide,
      (original): AnyFunction =>
        function (...args) {
          const life = answers.opening(this as Handle);
          return life ? answer(life, this as Handle, args[0] as Request) : apply(original, this, args);
        },
    );
  for (const name of ['connect', 'connect6']) opens(TCP.prototype, name, answers.connect);
  opens(Pipe.prototype, 'connect', answers.connect);
  for (const name of ['bind', 'bind6']) opens(TCP.prototype, name, () => 0);
  for (const owner of [stream, TLSWrap.prototype]) {
    for (const name of ['readStart', 'readStop']) on(owner, name, () => 0);
    on(owner, 'shutdown', (life, [request]) => answers.shutdown(life, request as Request));
  }
  on(TCP.prototype, 'reset', (_life, args, handle) => {
    apply(Reflect.get(handle, 'close') as AnyFunction, handle, args);
    return 0;
  });
  for (const name of ['setNoDelay', 'setKeepAlive', 'setTypeOfService', 'getTypeOfService'])
    on(TCP.prototype, name, () => 0);
  on(TCP.prototype, 'getpeername', ({ ends }, [out]) => address(ends, 'remote', out as object));
  on(TCP.prototype, 'getsockname', ({ ends }, [out]) => address(ends, 'local', out as object));
}

function address(ends: Ends, side: 'remote' | 'local', out: object): number {
  const [name, port, family] = [ends[`${side}Address`], ends[`${side}Port`], ends[`${side}Family`]];
  if (name === undefined) return NOT_CONNECTED;
  assign(out, { address: name, family, port });
  return 0;
}
