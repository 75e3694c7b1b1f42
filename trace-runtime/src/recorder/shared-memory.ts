/** Memory that other threads change: what they did shows in the recording at each turn, and at the program's Atomics. */
import { Bytes, deref, OwnWeakRef, setBytes, sharedBufferBytes } from './primordials.ts';
import { Register } from './registers.ts';

export interface SharedMemory {
  /** Looks after a buffer from now on. */
  watch(buffer: SharedArrayBuffer): void;
  /** Calls `changed` for what differs from the last look, `grown` for what has another length. */
  look(
    changed: (buffer: SharedArrayBuffer, offset: number, length: number) => void,
    grown: (buffer: SharedArrayBuffer) => void,
  ): void;
}

/** Larger ones would take too long to compare. */
const MOST = 1 << 16;

interface Watched {
  readonly buffer: WeakRef<SharedArrayBuffer>;
  readonly seen: Uint8Array;
}

export function createSharedMemory(registers: Int32Array): SharedMemory {
  let list: Watched[] = [];

  return {
    watch(buffer) {
      const length = sharedBufferBytes(buffer);
      if (length > MOST) return;
      let at = 0;
      while (at < list.length && deref(list[at]!.buffer) !== buffer) at++;
      if (list[at]?.seen.length === length) return;
      const seen = new Bytes(length);
      setBytes(seen, new Bytes(buffer, 0, length), 0);
      list[at] = { buffer: new OwnWeakRef(buffer), seen };
      registers[Register.shared] = 1;
    },
    look(changed, grown) {
      const kept: Watched[] = [];
      const longer: SharedArrayBuffer[] = [];
      for (let i = 0; i < list.length; i++) {
        const watched = list[i]!;
        const buffer = deref(watched.buffer);
        if (buffer === undefined) continue;
        kept[kept.length] = watched;
        const { seen } = watched;
        if (sharedBufferBytes(buffer) !== seen.length) longer[longer.length] = buffer;
        const now = new Bytes(buffer);
        let from = 0;
        while (from < seen.length && now[from] === seen[from]) from++;
        if (from === seen.length) continue;
        let to = seen.length;
        while (now[to - 1] === seen[to - 1]) to--;
        setBytes(seen, new Bytes(buffer, 0, seen.length), 0);
        changed(buffer, from, to - from);
      }
      list = kept;
      for (let i = 0; i < longer.length; i++) grown(longer[i]!);
      if (kept.length === 0) registers[Register.shared] = 0;
    },
  };
}
