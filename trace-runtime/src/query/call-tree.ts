/** The calls of a stream as a tree: a call's children are those that it made, also after it had waited. */
import type { CallLog } from './call-log.ts';

/** Parents with more children are remembered. */
const MANY = 256;
const REMEMBERED = 16;

export class CallTree {
  private readonly children = new Map<number, Uint32Array>();

  constructor(private readonly calls: CallLog) {}

  /** First spans of the calls that a call made, in their order; of those that nobody made for 0. */
  childrenOf(serial: number): Uint32Array {
    const known = this.children.get(serial);
    if (known !== undefined) return known;
    const found: number[] = [];
    for (const [from, to] of this.insides(serial)) this.collect(from, to, found);
    const list = Uint32Array.from(found);
    if (list.length > MANY) {
      this.children.set(serial, list);
      if (this.children.size > REMEMBERED) this.children.delete(this.children.keys().next().value!);
    }
    return list;
  }

  /** Serial of the call that made the call; 0 where nobody did. */
  callerOf(serial: number): number {
    const first = this.calls.firstSpan(serial);
    const parent = first === undefined ? -1 : this.calls.parentOf(first);
    return parent < 0 ? 0 : this.calls.serial[parent]!;
  }

  /** The callers of a call and itself, outermost first. */
  pathOf(serial: number): number[] {
    const path: number[] = [];
    // who waits is older than who goes on, so this ends
    for (let at = serial; at !== 0 && path.length < 100_000; at = this.callerOf(at)) path.unshift(at);
    return path;
  }

  /** Number of calls inside a call, at any depth. */
  countInside(serial: number): number {
    return this.insides(serial).reduce((sum, [from, to]) => sum + this.calls.callsBegun(from, to), 0);
  }

  hasChildren(serial: number): boolean {
    return this.insides(serial).some(([from, to]) => this.calls.callsBegun(from, to) > 0);
  }

  /** Spans inside the call's own, by ranges. */
  private insides(serial: number): readonly (readonly [number, number])[] {
    const { calls } = this;
    if (serial === 0) return [[0, calls.count]];
    return calls.spansOf(serial).map((span) => [span + 1, calls.endOf(span)]);
  }

  private collect(from: number, to: number, found: number[]): void {
    const { calls } = this;
    for (let span = from; span < to; span = calls.endOf(span)) if (!calls.isResumed(span)) found.push(span);
  }
}
