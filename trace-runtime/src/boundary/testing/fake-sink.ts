/** A sink for tests: keeps what it is told. */
import type { BoundarySink, LedgerEntry } from '../sink.ts';
import { FIRST_WORD, Slot } from '../../wire/words.ts';

export interface FakeSink extends BoundarySink {
  readonly records: { readonly kind: string; readonly detail: Record<string, unknown> }[];
  readonly ledger: LedgerEntry[];
  readonly touched: Uint8Array[];
  readonly drains: { count: number };
}

export function fakeSink(size = 4096): FakeSink {
  const words = new Int32Array(size);
  const drains = { count: 0 };
  const drain = (): void => {
    words[Slot.position] = FIRST_WORD;
    words[Slot.limit] = size - 256;
    drains.count++;
  };
  drain();
  const sink: FakeSink = {
    words,
    drain,
    drains,
    records: [],
    ledger: [],
    touched: [],
    emitBoundary: (kind, detail) => void sink.records.push({ kind, detail: JSON.parse(detail) }),
    emitLedger: (entry) => void sink.ledger.push(entry),
    flush: () => undefined,
    quietly: (work) => work(),
    withTick: (_cause, _parent, fn) => fn(),
    currentTick: () => 0,
    touchBytes: (view) =>
      void sink.touched.push(new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength))),
  };
  return sink;
}
