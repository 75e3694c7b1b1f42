/** Waiting for the sidecar, and replacing one that died, from inside a blocked program. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { startDetached } from '../base/processes.ts';
import { sidecarLives } from '../wire/sidecar-lock.ts';
import { FINISH_FILE, STOPPED_FILE } from '../wire/spool.ts';

export interface SidecarCommand {
  /** the Node binary that runs the sidecar; need not be the program's */
  readonly node: string;
  readonly script: string;
}

export interface SidecarKeeper {
  /** true once the recording has stopped or ended */
  ended(): boolean;
  /** waits a little, and sees to it that a sidecar lives */
  wait(): void;
}

const WAIT_MS = 1;
const CHECK_EVERY_MS = 250;

const now = Date.now;
const pause = Atomics.wait;
const { env: environment } = process;
const exists = existsSync;

export function sidecarKeeper(recording: string, command: SidecarCommand | undefined): SidecarKeeper {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const stopped = path.join(recording, STOPPED_FILE);
  const finish = path.join(recording, FINISH_FILE);
  let checkedAt = now();
  return {
    ended: () => exists(stopped) || exists(finish) || !exists(recording),
    wait() {
      pause(cell, 0, 0, WAIT_MS);
      if (now() - checkedAt < CHECK_EVERY_MS) return;
      checkedAt = now();
      if (command && !sidecarLives(recording))
        startDetached(command.node, [command.script, recording], plain(environment));
    },
  };
}

/** The sidecar itself must not be recorded. */
function plain(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, HINDCAST_RECORDING: _recording, HINDCAST_OPTIONS: _more, ...rest } = environment;
  return rest;
}
