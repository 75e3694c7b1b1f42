/** Calls by the names of functions and files: how many there are, and one after the other. */
import { batch, signal } from '@preact/signals';
import type { CallAnswer, FindCallsAnswer, FunctionAnswer } from '../../../trace-runtime/src/model/panel-answers.ts';
import { baseName } from '../base/format.ts';

type AskCalls = (text: string, from: { readonly after?: number; readonly before?: number }) => Promise<FindCallsAnswer>;

/** Milliseconds after a key, before it is searched. */
const QUIET = 150;
const LAST = 2 ** 32;

export class CallSearch {
  readonly text = signal('');
  /** undefined until it was searched */
  readonly total = signal<number | undefined>(undefined);
  /** from 1: which of them is shown; 0: none */
  readonly index = signal(0);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private epoch = 0;
  private matched: { readonly text: string; readonly size: number; readonly found: ReadonlySet<number> } | undefined;

  constructor(
    private readonly ask: AskCalls,
    private readonly show: (call: CallAnswer) => void,
    /** the call from which on it is searched */
    private readonly here: () => number,
  ) {}

  clear(): void {
    this.type('');
  }

  type(text: string): void {
    clearTimeout(this.timer);
    this.epoch++;
    batch(() => {
      this.text.value = text;
      this.total.value = undefined;
      this.index.value = 0;
    });
    if (text.trim() !== '') this.timer = setTimeout(() => void this.go({ after: Math.max(0, this.here() - 1) }), QUIET);
  }

  next(): void {
    void this.go({ after: this.here() });
  }

  previous(): void {
    void this.go({ before: this.here() });
  }

  /** Functions among the known whose name or file's name has the text in it; undefined where nothing is searched. */
  matching(functions: ReadonlyMap<number, FunctionAnswer>): ReadonlySet<number> | undefined {
    const text = this.text.value.trim().toLowerCase();
    if (text === '') return undefined;
    if (this.matched?.text === text && this.matched.size === functions.size) return this.matched.found;
    const found = new Set<number>();
    for (const { id, name, path } of functions.values())
      if (name.toLowerCase().includes(text) || baseName(path).toLowerCase().includes(text)) found.add(id);
    this.matched = { text, size: functions.size, found };
    return found;
  }

  /** Beyond the last it begins anew, and the other way round. */
  private async go(from: { readonly after?: number; readonly before?: number }): Promise<void> {
    clearTimeout(this.timer);
    const epoch = ++this.epoch;
    const text = this.text.peek().trim();
    if (text === '') return;
    try {
      let answer = await this.ask(text, from);
      if (answer.calls.length === 0 && answer.total > 0)
        answer = await this.ask(text, from.before === undefined ? { after: 0 } : { before: LAST });
      if (epoch !== this.epoch) return;
      const [call] = answer.calls;
      batch(() => {
        this.total.value = answer.total;
        this.index.value = call === undefined ? 0 : answer.skipped + 1;
        if (call !== undefined) this.show(call);
      });
    } catch {
      // the session ends
    }
  }
}
