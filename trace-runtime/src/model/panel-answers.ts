/**
 * What the debug adapter answers to the requests of the panels. Moments and calls are numbers of one stream, which is a
 * thread; calls are numbered from 1 in the order in which they began. Bulk data comes in columns of equal length.
 */
import type {
  ObjectChangesAnswer,
  ObjectChangesArguments,
  ObjectGraphAnswer,
  ObjectGraphArguments,
  ObjectRootAnswer,
  ObjectRootArguments,
} from './object-answers.ts';
import type { SequenceAnswer, SequenceArguments } from './sequence-answers.ts';
import type {
  SuspectsAnswer,
  SuspectsArguments,
  WhyAnswer,
  WhyFailedAnswer,
  WhyFailedArguments,
  WhyGraphAnswer,
  WhyGraphArguments,
  WhyLineAnswer,
  WhyLineArguments,
  WhyValueArguments,
} from './why-answers.ts';

/** A function of the recording, by its number in the answers of one thread. */
export interface FunctionAnswer {
  readonly id: number;
  readonly name: string;
  /** as the developer wrote it */
  readonly path: string;
  /** from 1; 0 where the recording lacks the source */
  readonly line: number;
}

export interface ThreadAnswer {
  readonly id: number;
  readonly name: string;
  /** last moment */
  readonly end: number;
  /** milliseconds since 1970; null where it is not known */
  readonly startedAt: number | null;
  /** the deepest nesting of calls */
  readonly deepest: number;
}

export type CaseOutcome = 'passed' | 'failed' | 'skipped' | 'timedOut' | 'unfinished';

/** A test, a request, or a group of them. */
export interface CaseAnswer {
  readonly threadId: number;
  readonly id: number;
  /** the case that it belongs to; 0: none */
  readonly parent: number;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly outcome: CaseOutcome;
  readonly first: number;
  readonly last: number;
}

export interface FailureAnswer {
  readonly threadId: number;
  readonly moment: number;
  readonly type: string;
  readonly message: string;
  /** whether a person has marked it wrong */
  readonly isMarked: boolean;
  /** name of the case that it failed; null where it left the program */
  readonly case: string | null;
}

export interface OverviewAnswer {
  readonly threads: readonly ThreadAnswer[];
  readonly cases: readonly CaseAnswer[];
  readonly failures: readonly FailureAnswer[];
  readonly counts: {
    readonly events: number;
    readonly calls: number;
    readonly ticks: number;
    readonly throws: number;
    readonly outputs: number;
  };
}

export interface TimelineArguments {
  readonly threadId: number;
  /** first moment, and one past the last */
  readonly from: number;
  readonly to: number;
  readonly bins: number;
}

/** Something thrown, caught or not caught. */
export interface ThrowItem {
  readonly moment: number;
  readonly kind: 'thrown' | 'caught' | 'uncaught';
  readonly text: string;
}

export interface OutputItem {
  readonly moment: number;
  readonly descriptor: number;
  readonly text: string;
}

export interface TickItem {
  readonly moment: number;
  readonly number: number;
  readonly cause: string;
  /** number of the tick in which it was asked for */
  readonly causeTick: number;
  /** since the program began */
  readonly milliseconds: number;
}

/** Columns have one value a bin; items come one by one where there are few of their kind, else null. */
export interface TimelineAnswer {
  readonly threadId: number;
  readonly from: number;
  readonly to: number;
  readonly bins: {
    /** calls on the stack at one time */
    readonly most: readonly number[];
    readonly least: readonly number[];
    /** calls that began */
    readonly calls: readonly number[];
    readonly throws: readonly number[];
    readonly outputs: readonly number[];
    readonly ticks: readonly number[];
    /** hits of breakpoints on lines and functions, as far as they were counted; null where there are none set */
    readonly hits: readonly number[] | null;
  };
  /** whether all hits were counted; where not, bins in which there may be some have 1 */
  readonly hitsAreExact: boolean;
  readonly throws: readonly ThrowItem[] | null;
  readonly outputs: readonly OutputItem[] | null;
  readonly ticks: readonly TickItem[] | null;
}

export type ItemKind = 'throw' | 'output' | 'tick';

export interface NextItemArguments {
  readonly threadId: number;
  readonly item: ItemKind;
  readonly moment: number;
  readonly direction: 'next' | 'previous';
}

/** The nearest item behind the moment, or before it; null where there is none. */
export interface NextItemAnswer {
  readonly moment: number | null;
}

export interface FlameArguments {
  readonly threadId: number;
  readonly from: number;
  readonly to: number;
  /** width of what is drawn: calls narrower than one are merged */
  readonly pixels: number;
  /** depths beyond are left out */
  readonly deepest?: number;
}

/** Rectangles in the order in which they begin: one a call, or several narrow ones in one. */
export interface FlameAnswer {
  readonly threadId: number;
  readonly from: number;
  readonly to: number;
  /** number of the event by which it begins, and by which it ends */
  readonly enter: readonly number[];
  readonly exit: readonly number[];
  /** 0: called by nobody */
  readonly depth: readonly number[];
  /** of the longest call in it */
  readonly function: readonly number[];
  readonly call: readonly number[];
  /** calls in it */
  readonly calls: readonly number[];
  readonly functions: readonly FunctionAnswer[];
}

export interface CallTreeArguments {
  readonly threadId: number;
  /** 0 or left out: calls that nobody made */
  readonly parent?: number;
  readonly start: number;
  readonly count: number;
}

/** How a call ended. `lost`: without a record; `running`: it had not when the recording ended. */
export type CallEnding = 'returned' | 'threw' | 'waits' | 'running' | 'lost';

export interface CallAnswer {
  readonly call: number;
  readonly name: string;
  readonly path: string;
  readonly line: number;
  /** the first moment at which it stands on the stack, and the last */
  readonly first: number;
  readonly last: number;
  readonly ending: CallEnding;
  /** calls inside it, at any depth */
  readonly inside: number;
  readonly hasChildren: boolean;
}

export interface CallTreeAnswer {
  readonly threadId: number;
  readonly parent: number;
  /** children that there are */
  readonly total: number;
  readonly start: number;
  readonly calls: readonly CallAnswer[];
}

export interface CallPathArguments {
  readonly threadId: number;
  readonly call: number;
  /** only so many, the innermost; without it the outermost thousand */
  readonly last?: number;
}

/** Where a call stands in the tree: its callers and itself, outermost first, each with its place among its siblings. */
export interface CallPathAnswer {
  readonly path: readonly { readonly call: CallAnswer; readonly index: number }[];
}

export interface CallDetailsArguments {
  readonly threadId: number;
  readonly calls: readonly number[];
}

export interface CallDetailsAnswer {
  readonly calls: readonly {
    readonly call: number;
    /** as text, in their order */
    readonly arguments: readonly { readonly name: string; readonly value: string }[];
    /** what it returned or threw; null where it did not end, or its result was not recorded */
    readonly result: string | null;
  }[];
}

export interface FindCallsArguments {
  readonly threadId: number;
  /** part of a function's name or of its file's, in any case */
  readonly text: string;
  /** gives calls behind that one; without it from the first */
  readonly after?: number;
  /** gives the calls before that one */
  readonly before?: number;
  readonly count?: number;
}

export interface FindCallsAnswer {
  /** calls that match, in the whole thread */
  readonly total: number;
  /** of them, those before the first that is given */
  readonly skipped: number;
  readonly calls: readonly CallAnswer[];
}

export interface WhereArguments {
  /** a frame that the debugger has shown since it moved last */
  readonly frameId?: number;
}

/** Where the debugger stands. */
export interface WhereAnswer {
  readonly threadId: number;
  readonly moment: number;
  /** calls on the stack, outermost first */
  readonly stack: readonly number[];
  /** the call of the frame; null where there is none */
  readonly selected: number | null;
}

/** Arguments and answers of each request, by its name. */
export interface PanelRequests {
  readonly overview: { readonly args: object; readonly answer: OverviewAnswer };
  readonly timeline: { readonly args: TimelineArguments; readonly answer: TimelineAnswer };
  readonly nextItem: { readonly args: NextItemArguments; readonly answer: NextItemAnswer };
  readonly flame: { readonly args: FlameArguments; readonly answer: FlameAnswer };
  readonly callTree: { readonly args: CallTreeArguments; readonly answer: CallTreeAnswer };
  readonly callPath: { readonly args: CallPathArguments; readonly answer: CallPathAnswer };
  readonly callDetails: { readonly args: CallDetailsArguments; readonly answer: CallDetailsAnswer };
  readonly findCalls: { readonly args: FindCallsArguments; readonly answer: FindCallsAnswer };
  readonly where: { readonly args: WhereArguments; readonly answer: WhereAnswer };
  readonly whyFailed: { readonly args: WhyFailedArguments; readonly answer: WhyFailedAnswer };
  readonly whyValue: { readonly args: WhyValueArguments; readonly answer: WhyAnswer };
  readonly whyGraph: { readonly args: WhyGraphArguments; readonly answer: WhyGraphAnswer };
  readonly whyLine: { readonly args: WhyLineArguments; readonly answer: WhyLineAnswer };
  readonly objectRoot: { readonly args: ObjectRootArguments; readonly answer: ObjectRootAnswer };
  readonly objectGraph: { readonly args: ObjectGraphArguments; readonly answer: ObjectGraphAnswer };
  readonly objectChanges: { readonly args: ObjectChangesArguments; readonly answer: ObjectChangesAnswer };
  readonly sequence: { readonly args: SequenceArguments; readonly answer: SequenceAnswer };
  readonly suspects: { readonly args: SuspectsArguments; readonly answer: SuspectsAnswer };
}
