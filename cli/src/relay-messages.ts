/** Messages between whoever forked us and the command, which was meant: see `child_process.fork`. */
import type { ChildProcess, SendHandle } from 'node:child_process';

/** The command gets a channel where we have one. */
export function hasParentChannel(): boolean {
  return process.connected === true;
}

/** Until either side closes its channel, then both are. */
export function relayMessages(child: ChildProcess): void {
  process.on('message', (message: object, handle?: SendHandle) => {
    if (child.connected) child.send(message, handle, ignored);
  });
  process.once('disconnect', () => {
    if (child.connected) child.disconnect();
  });
  child.on('message', (message: object, handle?: SendHandle) => {
    if (process.connected) process.send?.(message, handle, undefined, ignored);
  });
  child.once('disconnect', () => {
    if (process.connected) process.disconnect();
  });
}

/** One that ended does not hear. */
function ignored(): void {}
