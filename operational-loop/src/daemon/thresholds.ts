/** Limits of signals that were passed, as alerts. A signal has to be past its limit for a while, and back for as long. */
import type { Exemplar } from '../api/messages.ts';
import { signalOf, type GoldenSignals } from '../model/signals.ts';
import type { Milliseconds } from '../model/time.ts';
import type { AlertBook } from './alert-book.ts';
import type { SignalLimit } from './configuration.ts';
import { shown, titleOf } from '../model/signal-units.ts';

const PATIENCE: Milliseconds = 10_000;

export class Thresholds {
  /** since when a subject is on the other side than its alert says, by the steady clock */
  readonly #turned = new Map<string, number>();
  readonly #past = new Set<string>();

  constructor(
    private readonly book: AlertBook,
    private readonly patience = PATIENCE,
  ) {}

  /** `exemplars`: requests that may show why */
  look(signals: GoldenSignals, limits: readonly SignalLimit[], exemplars: readonly Exemplar[] = []): void {
    for (const { signal, atMost } of limits) {
      const value = signalOf(signals, signal);
      if (value === undefined) continue;
      const subject = `threshold/${signals.service}/${signals.instance ?? ''}/${signal}`;
      const isPast = this.#settled(subject, value > atMost);
      if (!isPast) this.book.end(subject);
      else if (value > atMost) {
        this.book.raise(subject, {
          kind: 'threshold',
          severity: 'page',
          service: signals.service,
          instance: signals.instance,
          text: `${signals.instance ?? signals.service}: ${titleOf(signal)} is ${shown(signal, value)}; its limit is ${shown(signal, atMost)}.`,
          about: undefined,
          ...(exemplars.length > 0 ? { exemplars } : {}),
        });
      }
    }
  }

  /** Whether the subject counts as past its limit. */
  #settled(subject: string, isPast: boolean): boolean {
    if (this.#past.has(subject) === isPast) {
      this.#turned.delete(subject);
      return isPast;
    }
    const now = performance.now();
    const since = this.#turned.get(subject) ?? now;
    this.#turned.set(subject, since);
    if (now - since < this.patience) return !isPast;
    this.#turned.delete(subject);
    if (isPast) this.#past.add(subject);
    else this.#past.delete(subject);
    return isPast;
  }
}
