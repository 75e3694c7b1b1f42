/** Arguments and results of calls, asked for some at a time and remembered. */
import { signal } from '@preact/signals';
import type { CallDetailsAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';

export type Detail = CallDetailsAnswer['calls'][number];
export type AskDetails = (calls: readonly number[]) => Promise<CallDetailsAnswer>;

/** Milliseconds without another wish, before what is wanted is asked for. */
const QUIET = 60;
const REMEMBERED = 5000;

export class Details {
  /** changes whenever more is known */
  readonly version = signal(0);
  private readonly known = new Map<number, Detail>();
  private wanted: readonly number[] = [];
  private isAsking = false;
  private epoch = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: AskDetails) {}

  of(call: number): Detail | undefined {
    return this.known.get(call);
  }

  /** Only what is wanted last is asked for. */
  want(calls: readonly number[]): void {
    this.wanted = calls.filter((call) => !this.known.has(call));
    if (this.wanted.length === 0 || this.isAsking) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.next(), QUIET);
  }

  clear(): void {
    this.epoch++;
    this.known.clear();
    this.wanted = [];
  }

  private async next(): Promise<void> {
    const { wanted, epoch } = this;
    if (wanted.length === 0) return;
    this.isAsking = true;
    try {
      const { calls } = await this.ask(wanted);
      if (epoch === this.epoch) this.learn(calls);
      // what the answer leaves out is not to be had
      this.wanted = this.wanted === wanted ? [] : this.wanted;
    } catch {
      this.wanted = [];
    } finally {
      this.isAsking = false;
    }
    this.want(this.wanted);
  }

  private learn(calls: readonly Detail[]): void {
    for (const detail of calls) this.known.set(detail.call, detail);
    for (const call of this.known.keys()) {
      if (this.known.size <= REMEMBERED) break;
      this.known.delete(call);
    }
    this.version.value = this.version.peek() + 1;
  }
}

/** What the call gave or threw; undefined where that is not known, or says nothing. */
export function resultText(detail: Detail | undefined): string | undefined {
  const result = detail?.result ?? 'undefined';
  return result === 'undefined' ? undefined : result;
}

/** `name: value, name: value` */
export function argumentText({ arguments: given }: Detail): string {
  return given.map(({ name, value }) => `${name}: ${value}`).join(', ');
}
