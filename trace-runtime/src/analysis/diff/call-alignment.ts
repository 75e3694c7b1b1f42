/**
 * Which call of one stream stands for which of another: from the event loop downward, the calls that each makes are
 * aligned in their order, first those of which everything is equal, then those of the same function in the gaps.
 */
import { Call, equalCheckpoints } from './call-columns.ts';
import type { CallDigest } from './call-digest.ts';
import { mix } from './value-hashes.ts';
import { alignSequences } from './sequences.ts';

/** Calls between two yields. */
const PIECE = 100_000;

export interface CallAlignment {
  /** by call of the first stream: the other's; 0 where there is none */
  readonly ofA: Uint32Array;
  readonly ofB: Uint32Array;
  readonly counts: CallCounts;
  /** 1 for calls of the first stream of which all, and all that they called, is as in the other */
  readonly isWhole: Uint8Array;
  /** some call went another way, or was made by one run only */
  readonly controlDiffers: boolean;
  readonly valuesDiffer: boolean;
}

export interface CallCounts {
  readonly alike: number;
  readonly differ: number;
  readonly onlyA: number;
  readonly onlyB: number;
}

/** What a call and all that it called come to. */
class Trees {
  /** by call: where its callees begin in `list` */
  private readonly starts: Uint32Array;
  private readonly list: Uint32Array;
  private readonly wholes: Int32Array;
  private readonly sizes: Uint32Array;
  private readonly changed: Uint8Array;

  /** `exact`: in calls that begin before that word, the numbers of objects count, too. */
  constructor(
    readonly digest: CallDigest,
    exact: number,
  ) {
    const { calls, parents, flags, begins } = digest;
    const isRoot = (call: number): boolean => parents[call] === 0 || (flags[parents[call]!]! & Call.outside) !== 0;
    const parentOf = (call: number): number => (isRoot(call) ? 0 : parents[call]!);
    this.starts = new Uint32Array(calls + 2);
    this.list = new Uint32Array(calls);
    this.wholes = new Int32Array(calls + 1);
    this.sizes = new Uint32Array(calls + 1);
    this.changed = new Uint8Array(calls + 1);
    for (let call = 1; call <= calls; call++)
      if ((flags[call]! & Call.outside) === 0) this.starts[parentOf(call) + 1]!++;
    for (let call = 0; call <= calls; call++) this.starts[call + 1]! += this.starts[call]!;
    const next = this.starts.slice();
    for (let call = 1; call <= calls; call++)
      if ((flags[call]! & Call.outside) === 0) this.list[next[parentOf(call)]!++] = call;
    // who is called is younger
    for (let call = calls; call >= 0; call--) {
      let hash = mix(mix(digest.control[call]!, digest.values[call]!), digest.functions[call]!);
      if (begins[call]! < exact) hash = mix(hash, digest.names[call]!);
      let size = 1;
      let changed = (flags[call]! & Call.edited) !== 0 ? 1 : 0;
      for (let at = this.starts[call]!; at < this.starts[call + 1]!; at++) {
        const callee = this.list[at]!;
        hash = mix(hash, this.wholes[callee]!);
        size += this.sizes[callee]!;
        changed |= this.changed[callee]!;
      }
      this.wholes[call] = hash;
      this.sizes[call] = size;
      this.changed[call] = changed;
    }
  }

  callees(call: number): Uint32Array {
    return this.list.subarray(this.starts[call]!, this.starts[call + 1]!);
  }

  /** A hash of all that happened in it. */
  whole(call: number): number {
    return this.wholes[call]!;
  }

  size(call: number): number {
    return this.sizes[call]!;
  }

  /** It or what it called is of a function that was edited. */
  isChanged(call: number): boolean {
    return this.changed[call] === 1;
  }
}

/** `outermost`: the first call of either is taken for the other's, whatever its function. Gives calls done so far. */
export function* alignCalls(a: CallDigest, b: CallDigest, outermost: boolean): Generator<number, CallAlignment> {
  // up to their first difference the runs number objects alike
  const equal = equalCheckpoints(a, b);
  const exact = ({ checkpoints }: CallDigest): number => checkpoints[equal]?.word ?? Infinity;
  const [treeA, treeB] = [new Trees(a, exact(a)), new Trees(b, exact(b))];
  const ofA = new Uint32Array(a.calls + 1);
  const ofB = new Uint32Array(b.calls + 1);
  const isWhole = new Uint8Array(a.calls + 1);
  const loopsDiffer = a.loops !== b.loops;
  let [alike, differ] = [0, 0];
  let controlDiffers = a.control[0] !== b.control[0] || loopsDiffer;
  let valuesDiffer = a.values[0] !== b.values[0];
  const pairBelow = (wholeA: number, wholeB: number): void => {
    const inside = [wholeA, wholeB];
    while (inside.length > 0) {
      const ofOther = inside.pop()!;
      const own = inside.pop()!;
      ofA[own] = ofOther;
      ofB[ofOther] = own;
      isWhole[own] = 1;
      const others = treeB.callees(ofOther);
      treeA.callees(own).forEach((callee, i) => inside.push(callee, others[i]!));
    }
  };
  const open: number[] = [0, 0];
  for (let done = 0, next = PIECE; open.length > 0;) {
    const callB = open.pop()!;
    const callA = open.pop()!;
    if (callA !== 0) {
      ofA[callA] = callB;
      ofB[callB] = callA;
      const isForced = a.functions[callA] !== b.functions[callB];
      const sameWay = isForced || a.control[callA] === b.control[callB];
      const sameValues = isForced || a.values[callA] === b.values[callB];
      if (!sameWay) controlDiffers = true;
      if (!sameValues) valuesDiffer = true;
      const isAll = treeA.whole(callA) === treeB.whole(callB) && !treeA.isChanged(callA);
      if (isAll && !loopsDiffer) {
        isWhole[callA] = 1;
        alike += treeA.size(callA);
        done += treeA.size(callA);
        // below a whole call every call has the one that stands in its place
        pairBelow(callA, callB);
        continue;
      }
      if (sameWay && sameValues && !isForced) alike++;
      else differ++;
    }
    const [calleesA, calleesB] = [treeA.callees(callA), treeB.callees(callB)];
    const pairs = alignCallees(treeA, calleesA, treeB, calleesB);
    if (callA === 0 && outermost && calleesA.length > 0 && calleesB.length > 0) {
      const taken = pairs.indexOf(0);
      if (taken > 0) pairs[taken] = -1;
      pairs[0] = 0;
    }
    pairs.forEach((at, i) => {
      if (at >= 0) open.push(calleesA[i]!, calleesB[at]!);
    });
    done++;
    if (done >= next) {
      next = done + PIECE;
      yield done;
    }
  }
  const onlyA = treeA.size(0) - 1 - alike - differ;
  const onlyB = treeB.size(0) - 1 - alike - differ;
  if (onlyA > 0 || onlyB > 0) controlDiffers = true;
  return { ofA, ofB, isWhole, counts: { alike, differ, onlyA, onlyB }, controlDiffers, valuesDiffer };
}

function alignCallees(treeA: Trees, a: Uint32Array, treeB: Trees, b: Uint32Array): Int32Array {
  const functionsA = Int32Array.from(a, (call) => treeA.digest.functions[call]!);
  const functionsB = Int32Array.from(b, (call) => treeB.digest.functions[call]!);
  if (functionsA.length === functionsB.length && functionsA.every((key, i) => key === functionsB[i]))
    return Int32Array.from(a, (_, i) => i);
  const wholes = (tree: Trees, calls: Uint32Array) => Int32Array.from(calls, (call) => tree.whole(call));
  const pairs = alignSequences(wholes(treeA, a), wholes(treeB, b));
  let [fromA, fromB] = [0, 0];
  for (let x = 0; x <= a.length; x++) {
    const y = x === a.length ? b.length : pairs[x]!;
    if (y < 0) continue;
    if (x > fromA && y > fromB) {
      const gap = alignSequences(functionsA.subarray(fromA, x), functionsB.subarray(fromB, y));
      for (let i = 0; i < gap.length; i++) if (gap[i]! >= 0) pairs[fromA + i] = fromB + gap[i]!;
    }
    [fromA, fromB] = [x + 1, y + 1];
  }
  return pairs;
}
