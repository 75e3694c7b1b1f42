/** What the debug adapter answers to "who called whom": the calls of a run between its files, tasks and threads, in time. */

/** What is drawn: a whole recording, one of its threads, a case, or a call with all that it called. */
export type SequenceScope =
  | { readonly kind: 'whole' }
  | { readonly kind: 'case'; readonly threadId: number; readonly id: number }
  | { readonly kind: 'call'; readonly threadId: number; readonly call: number };

/** Another case of the recording, or another recording: the case of the same name there, or all of it. */
export type SequenceAgainst =
  | { readonly kind: 'case'; readonly threadId: number; readonly id: number }
  | { readonly kind: 'recording'; readonly recording: string };

export interface SequenceArguments {
  readonly scope: SequenceScope;
  /** whether calls within a file are drawn, too */
  readonly inside?: boolean;
  /** rows, from 0 */
  readonly start?: number;
  readonly count?: number;
  readonly against?: SequenceAgainst;
}

/** `loop`: the event loop of a thread, which begins its turns; `file`: a source, or a package as a whole. */
export interface LifelineAnswer {
  readonly kind: 'loop' | 'file';
  readonly threadId: number;
  /** of the thread, or the file's last part */
  readonly name: string;
  /** of the file; of a loop the thread's kind */
  readonly detail: string;
}

/** `added`: only this run has it; `missing`: only the one that it is compared with; `changed`: it took other values. */
export type SequenceStatus = 'same' | 'added' | 'missing' | 'changed';

export interface SequenceCallText {
  /** `name: value` each, as short text */
  readonly arguments: readonly string[];
  /** what it returned or threw; null where that is not known, or comes later */
  readonly result: string | null;
  /** the result was thrown */
  readonly threw: boolean;
}

export interface SequenceRow {
  /** `resume`: a call that had waited goes on; `start`: a thread begins; `return`: of a call that has rows in it */
  readonly kind: 'call' | 'resume' | 'return' | 'start';
  /** numbers of lifelines */
  readonly from: number;
  readonly to: number;
  readonly threadId: number;
  /** 0 where it is none */
  readonly call: number;
  /** STREAM:NUMBER to stand at; null where it is of another recording */
  readonly moment: string | null;
  readonly name: string;
  /** what began the turn: `timer`, `promise` …; empty where a call did */
  readonly cause: string;
  /** so many in a row are alike, of which this is the first */
  readonly times: number;
  /** rows around it that it is in */
  readonly depth: number;
  readonly ending: 'returned' | 'threw' | 'waits' | 'running' | 'lost';
  /** there are calls in it, drawn or not */
  readonly hasInside: boolean;
  readonly status: SequenceStatus;
  readonly text: SequenceCallText;
  /** of the call that stands for it in the other run, where that differs */
  readonly other: SequenceCallText | null;
}

export interface SequenceAnswer {
  readonly lifelines: readonly LifelineAnswer[];
  readonly rows: readonly SequenceRow[];
  readonly start: number;
  /** rows that there are */
  readonly total: number;
  /** calls whose rows stand before the first one: they go on while it begins; outermost first */
  readonly open: readonly { readonly to: number; readonly depth: number }[];
  /** the run has more calls than are looked at */
  readonly isCut: boolean;
  /** calls that differ, where it is compared; null where not */
  readonly differences: { readonly added: number; readonly missing: number; readonly changed: number } | null;
}
