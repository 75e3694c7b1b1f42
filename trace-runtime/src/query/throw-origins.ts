/** Where errors come from: the frames of recorded code at a throw. */
import type { Activation, LoadedFile } from './activation.ts';
import type { Moment } from './moments.ts';
import type { CaseFacts, StreamState } from './stream-state.ts';

/** A frame of recorded code, innermost first. */
export interface ThrowFrame {
  readonly functionName: string;
  readonly file: LoadedFile;
  /** offset into the source as it was written */
  readonly offset: number;
}

/** Where an error came from. */
export interface ThrowOrigin {
  /** the moment of the throw: the state is as just before it */
  readonly moment: Moment;
  /** the innermost frames; the state at the moment has all */
  readonly frames: readonly ThrowFrame[];
  /** where else it may be: `finally` blocks that ran since, any of which may have thrown itself */
  readonly others?: readonly ThrowOrigin[];
  /** nobody saw the throw: this is where it was caught */
  readonly isCatch?: boolean;
  /** the request that was being answered, where several were and that is known */
  readonly request?: CaseFacts | undefined;
}

const FRAMES = 50;

/** Not a dependency's. */
export function isOwn({ file }: Pick<ThrowFrame, 'file'>): boolean {
  return !/[\\/]node_modules[\\/]/.test(file.path);
}

/** Where the event is, of code that runs within the activation; undefined: the innermost. */
export function originHere(state: StreamState, activation: Activation | undefined): ThrowOrigin {
  const request = state.requests.owner(state);
  return {
    moment: state.event.moment,
    frames: framesOf(state, activation),
    ...(request && { request }),
  };
}

/** Whether the text, an error's stack, say, names the line. */
export function isAt(state: StreamState, text: string, { frames: [inner] }: ThrowOrigin): boolean {
  if (inner === undefined || !text.includes(`${inner.file.path}:`)) return false;
  return text.includes(`${inner.file.path}:${lineAt(state, inner)}:`);
}

/** Those of the activation and of what called it; undefined: the innermost. */
export function framesOf(state: StreamState, activation: Activation | undefined): ThrowFrame[] {
  const frames: ThrowFrame[] = [];
  const { stack } = state;
  let at = activation === undefined ? stack.length - 1 : stack.lastIndexOf(activation);
  for (; at >= 0 && frames.length < FRAMES; at--) {
    const act = stack[at]!;
    frames.push({ functionName: act.site.name, file: act.file, offset: act.file.code.start[act.position]! });
  }
  return frames;
}

/** From 1; 0 where the recording lacks the source. */
function lineAt({ sources }: StreamState, { file, offset }: ThrowFrame): number {
  const before = sources(file.hash)?.slice(0, offset);
  return before === undefined ? 0 : (before.match(/\r\n|[\n\r\u2028\u2029]/g)?.length ?? 0) + 1;
}
