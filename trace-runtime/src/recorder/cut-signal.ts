/**
 * SIGUSR2 cuts a recording that keeps a rolling window, where the program itself does not listen for that signal. Node's own
 * handle is used, so that no listener of ours can be seen, counted or removed, and the program ends as it did.
 */
import { createHook } from 'node:async_hooks';
import { constants } from 'node:os';
import path from 'node:path';
import { nativeBinding } from '../boundary/native-binding.ts';
import { writeWhole } from '../base/whole-files.ts';
import { wakeSidecar } from '../wire/sidecar-lock.ts';
import { CUT_FILE } from '../wire/spool.ts';

interface Signal {
  onsignal: (number: number) => void;
  start(number: number): number;
  unref(): void;
}

const SIGNAL = 'SIGUSR2';
const listenerCount = process.listenerCount.bind(process);

/** Never throws: where it cannot be had, the signal does what it did. */
export function cutOnSignal(recording: string, quietly: <T>(work: () => T) => T): void {
  try {
    const Handle = quietly(signalHandle);
    const number = constants.signals[SIGNAL];
    if (!Handle || number === undefined) return;
    const signal = new Handle();
    signal.unref();
    signal.onsignal = () => {
      if (listenerCount(SIGNAL) === 0) quietly(() => askForCut(recording));
    };
    signal.start(number);
  } catch {
    // `hindcast cut` does the same.
  }
}

function askForCut(recording: string): void {
  try {
    writeWhole(path.join(recording, CUT_FILE), '{}', { mode: 0o600, flag: 'wx' });
    wakeSidecar(recording);
  } catch {
    // It is being cut already, or is gone.
  }
}

type Handle = new () => Signal;

/** Node 24 keeps the class from whoever asks; then that of the handle which a listener gets is taken. */
function signalHandle(): Handle | undefined {
  try {
    return (nativeBinding('signal_wrap') as { readonly Signal: Handle }).Signal;
  } catch {
    return handleOfListener();
  }
}

function handleOfListener(): Handle | undefined {
  const found: { handle?: object } = {};
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type === 'SIGNALWRAP') found.handle = resource;
    },
  });
  const listener = (): void => undefined;
  hook.enable();
  process.on(SIGNAL, listener);
  hook.disable();
  process.removeListener(SIGNAL, listener);
  return found.handle?.constructor as Handle | undefined;
}
