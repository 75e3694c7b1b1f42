/**
 * The serving side of the boundary: what the program asks of the outside is answered from a recording. It stands below
 * the recording side, so that a rerun is recorded as any run. For edited code; answers are found by who asks.
 */
import path from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import { openSync, closeSync, writeSync } from 'node:fs';
import { readWhole } from '../../base/whole-files.ts';
import {
  bornFile,
  claimFile,
  streamKey,
  WORLD_FILE,
  type RecordedCall,
  type RecordedWorld,
  type ToldStream,
} from '../../model/recorded-world.ts';
import { RecordedConnections } from '../connections/recorded-connections.ts';
import { RecordedCalls } from '../recorded-calls.ts';
import type { WindowJump } from '../../model/window-mark.ts';
import type { Arrivals } from '../arrivals.ts';
import type { Realm } from '../clocks.ts';
import { createAnswers } from './answers.ts';
import { serveChildren } from './children.ts';
import { serveClocks } from './clocks.ts';
import { serveFiles } from './files.ts';
import { serveGoneSources } from './gone-sources.ts';
import { keepOrder } from './kept-order.ts';
import { serveIdentity } from './identity.ts';
import { cutAsKilled, endsAsKilled, keepSignals, nearsItsEnd, terminatesAsRecorded, type Cut } from './killed.ts';
import { LeftTicks } from './left-ticks.ts';
import { serveListeners } from './listeners.ts';
import { serveNativeFiles } from './native-files.ts';
import { serveNetwork } from './network.ts';
import { serveRandomness } from './randomness.ts';
import { Serving, type ServeOptions } from './serving.ts';
import { serveSignals } from './signals.ts';
import { serveSystem } from './system.ts';
import { serveTerminal } from './terminal.ts';
import { serveTime } from './time/install.ts';
import { createTold, type Told } from './told.ts';
import { createTurns } from './turns.ts';
import { Slot } from '../../wire/words.ts';
import { serveWatching } from './watching.ts';

const open = openSync;
const close = closeSync;
const write = writeSync;
const { pid } = process;

/** May end the process. */
export interface Ending {
  /** Is called before control flow is rolled. */
  goesOn(): void;
  /** A chunk of words is full. */
  fills(): void;
}

export interface Served {
  /** of a run that may go another way */
  readonly timed: Arrivals | undefined;
  /** of an exact run */
  readonly arrivals: Arrivals | undefined;
  readonly recorded: RecordedCalls | undefined;
  readonly recordedConnections: RecordedConnections | undefined;
  /** Tells what passes over what a window has not. */
  onJump(jump: (to: WindowJump) => void): void;
  /** compares what the program tells others, and is told */
  readonly told: Told | undefined;
  /** of an exact run of a thread that was killed */
  readonly ending: Ending | undefined;
  /** of an exact run: whether the recorded one sampled values */
  readonly samples: boolean;
  /** of an exact run in which the stack overflowed: by tick, how many activations had begun */
  readonly activations: ToldStream['activations'] | undefined;
  /** files that native code found in the recorded run */
  readonly foundNatively: readonly RecordedCall['detail'][];
  installRealm(realm: Realm): void;
}

/** `scratch`: the folder of the world. Throws where it cannot be read. To be called before `installBoundary`. */
export function installServing(scratch: string, options: ServeOptions): Served {
  const world = JSON.parse(readWhole(path.join(scratch, WORLD_FILE), 'utf8')) as RecordedWorld;
  const stream = claim(world);
  const serving = new Serving(world, createAnswers(world, stream), options);
  const time = serving.isExact ? undefined : serveTime(serving);
  const clocks = serveClocks(serving, time?.timeline);
  const randomness = serveRandomness(serving);
  if (!serving.isExact) serveSystem(serving);
  serveFiles(serving);
  serveNativeFiles(serving);
  if (time) serveWatching(serving, stream, time.timeline);
  const kills = serving.isExact ? keepSignals(serving) : undefined;
  const cut = serving.isExact ? cutAsKilled(serving, stream) : undefined;
  if (serving.isExact) terminatesAsRecorded(serving, stream);
  const recorded = world.exact && new RecordedCalls(world.exact.calls[stream] ?? [], world.native?.paths);
  const children = serveChildren(serving, stream, time?.timeline, recorded, kills, cut);
  if (time) serveSignals(world.signals[stream] ?? [], time.timeline);
  if (time) serveNetwork(serving, stream, time.timeline);
  else serveListeners(serving, stream);
  if (recorded) {
    serveIdentity(serving, stream, children, kills!);
    serveTerminal(serving, world.streams[stream]?.terminals ?? []);
    serveGoneSources(serving, recorded.written);
  }
  const order = world.exact && (world.exact.arrivals[stream] ?? []);
  const come = endsAsKilled(serving, stream);
  if (order?.length === 0) come();
  const left = order && new LeftTicks();
  left?.install(serving.options);
  let jump = (_to: WindowJump): void => undefined;
  const isAlone = stream === 0 && order?.length === 0;
  const told = followed(
    toldOf(serving, stream, cut, () => isAlone && serving.arrived()),
    serving.isExact ? nearsItsEnd(serving, stream) : undefined,
  );
  const served: Served = {
    timed: time && inOrder(time.arrivals, isToolsProcess() ? [] : (world.messages[stream] ?? [])),
    onJump(by) {
      jump = by;
    },
    told,
    ending: ending(serving, stream, told, cut),
    samples: world.exact?.samples ?? false,
    activations: world.exact?.told[stream]?.overflowed ? world.exact.told[stream].activations : undefined,
    recorded,
    foundNatively: world.native?.found[stream] ?? [],
    recordedConnections: world.exact && new RecordedConnections(world.exact.connections[stream] ?? []),
    arrivals:
      order &&
      createTurns(order, world.exact.arrivalTicks[stream] ?? [], world.exact.readAtOnce[stream] ?? [], {
        gaveUp: (key, at) => serving.outOfOrder({ stream, key, at }),
        arrived: () => (stream === 0 ? serving.arrived() : come()),
        late: () => kills?.send(),
        jump: (to) => jump(to),
        comes: () => left?.release(),
        currentTick: serving.options.currentTick,
      }),
    installRealm(realm) {
      clocks.installRealm(realm);
      randomness.installRealm(realm);
    },
  };
  served.installRealm(globalThis);
  return served;
}

/** Messages of threads and processes in the order that they had. */
function inOrder(timed: Arrivals, messages: readonly string[]): Arrivals {
  const kept = keepOrder(messages);
  return { ...timed, arrive: (key, deliver) => (MESSAGE.test(key) ? kept : timed).arrive(key, deliver) };
}

const MESSAGE = /^message\.in /;

/** What a test runner's processes tell each other comes in another order each time. */
function isToolsProcess(): boolean {
  return /[\\/]node_modules[\\/]/.test(process.argv[1] ?? '');
}

/** A thread that the recording does not have is not compared. */
function toldOf(serving: Serving, stream: number, cut: Cut | undefined, allSaid: () => void): Told | undefined {
  const recorded = serving.world.exact?.told[stream];
  return (
    recorded &&
    createTold(recorded, {
      currentTick: serving.options.currentTick,
      fromRecordedCode: () => serving.fromRecordedCode,
      note: (tick, what) => serving.saidOtherwise({ stream, tick, what }),
      given: (tick, what) => serving.saidOtherwise({ stream, tick, what, isGiven: true }),
      missing: (tick, what) => serving.saidOtherwise({ stream, tick, what, isMissing: true }),
      made: () => serving.saidOtherwise({ stream, isMissing: false }),
      beyond: () => cut?.stop(),
      allSaid,
    })
  );
}

/** `ended`: is called where a tick has ended. */
function followed(told: Told | undefined, ended: (() => void) | undefined): Told | undefined {
  if (!told || !ended) return told;
  return {
    ...told,
    tickEnds(check) {
      told.tickEnds(check);
      ended();
    },
  };
}

/** The thread had rolled as much and said as much. */
function isAsFar({ world, options: { words } }: Serving, stream: number, told: Told, cut: Cut): () => boolean {
  const [a, b] = world.streams[stream]?.killedAt ?? [];
  return () => words[Slot.hashA] === a && words[Slot.hashB] === b && cut.isNear() && told.isAllSaid();
}

function ending(serving: Serving, stream: number, told: Told | undefined, cut: Cut | undefined): Served['ending'] {
  if (!told || !cut) return undefined;
  const isThere = isAsFar(serving, stream, told, cut);
  let chunks = 0;
  return {
    goesOn() {
      if (isThere()) cut.stop();
    },
    fills() {
      if (isThere() && ++chunks > MOST_CHUNKS) cut.stop();
    },
  };
}

/** Of words, by a loop that had not ended when the thread was killed. */
const MOST_CHUNKS = 8;

/** Which recorded thread this one is: the first of its kind that no other has taken. -1: the recording has none. */
function claim({ streams, scratch, exact }: RecordedWorld): number {
  const born = exact && bornAs(scratch);
  const key = streamKey(process.argv, isMainThread ? 0 : threadId);
  for (const [index, stream] of streams.entries()) {
    if (stream.key !== key) continue;
    if (exact && (stream.threadId !== threadId || (born !== undefined && stream.pid !== born))) continue;
    try {
      const file = open(path.join(scratch, claimFile(index)), 'wx');
      write(file, `${pid}:${threadId}`);
      close(file);
      return index;
    } catch {
      // Taken.
    }
  }
  return -1;
}

/** The number that this process had, where the program itself started it. */
function bornAs(scratch: string): number | undefined {
  try {
    return Number(readWhole(path.join(scratch, bornFile(pid)), 'utf8'));
  } catch {
    return undefined;
  }
}
