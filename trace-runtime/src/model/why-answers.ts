/** What the debug adapter answers to "why": where a value came from, what decided, and which lines are suspected. */

/** A line of a source, as the developer wrote it. */
export interface PlaceAnswer {
  readonly path: string;
  /** relative to where the program ran, where it lies below */
  readonly name: string;
  /** from 1; 0 where the recording lacks the source */
  readonly line: number;
}

export interface InputAnswer {
  readonly text: string;
  readonly value: string;
}

/** One step of a chain: an expression, and how it got its value. */
export interface HopAnswer extends PlaceAnswer {
  /** STREAM:NUMBER, where one stands at the expression */
  readonly moment: string;
  /** STREAM:NUMBER, when it had been evaluated: as `hindcast why` names it */
  readonly at: string;
  readonly text: string;
  /** empty where it is not known: `what` says all that is */
  readonly value: string;
  /** one plain sentence */
  readonly what: string;
  readonly kind: string;
  /** what it was made of, where that is more than one value */
  readonly inputs: readonly InputAnswer[];
  /** hops before it that only handed the value on, and are left out */
  readonly folded: number;
}

export interface DecisionAnswer extends PlaceAnswer {
  /** STREAM:NUMBER, where one stands at it */
  readonly moment: string;
  /** STREAM:NUMBER, when it had been decided: as `hindcast why` names it */
  readonly at: string;
  /** it is a condition, which might have gone the other way */
  readonly isCondition: boolean;
  readonly text: string;
  readonly sentence: string;
  /** the values that it tested */
  readonly tests: readonly InputAnswer[];
}

export interface WhyGraphArguments {
  /** `graph` of an answer of this session */
  readonly graph: string;
}

/** A value with where it came to be, or a decision. */
export interface GraphNodeAnswer extends PlaceAnswer {
  readonly kind: 'value' | 'decision';
  /** STREAM:NUMBER, when it had been evaluated or decided */
  readonly moment: string;
  readonly text: string;
  /** of a decision what its test gave: `true`, or nothing where it is no condition */
  readonly value: string;
  /** one plain sentence */
  readonly what: string;
  /** of a value how its expression got it: `copy`, `operation`, `literal` …; of a decision its kind */
  readonly how: string;
  /** it has operands that were not followed, as the graph would have become too large */
  readonly isCut: boolean;
}

/** Numbers of nodes: from an origin toward what was asked about; of a decision toward what it led to. */
export interface GraphEdgeAnswer {
  readonly from: number;
  readonly to: number;
  readonly kind: 'value' | 'control';
  readonly label: string;
}

/** What was asked about is the first node. */
export interface WhyGraphAnswer {
  readonly nodes: readonly GraphNodeAnswer[];
  readonly edges: readonly GraphEdgeAnswer[];
}

export interface WhyFailedArguments {
  /** STREAM:NUMBER of a failure; without it the one that the replay opened at, else the first */
  readonly failure?: string;
}

export interface WhyAnswer {
  /** the error on one line; of a value the expression */
  readonly title: string;
  /** without its end, so that a place can follow */
  readonly sentence: string;
  /** where the sentence says to look; null where that is not known */
  readonly place: PlaceAnswer | null;
  /** the failing or asked expression first, its origin last */
  readonly hops: readonly HopAnswer[];
  /** the latest first */
  readonly decisions: readonly DecisionAnswer[];
  /** names the same as a graph, for `whyGraph`; null where there is nothing to draw */
  readonly graph: string | null;
}

/** `failure`: STREAM:NUMBER; all of it null where nothing failed */
export type WhyFailedAnswer =
  | (WhyAnswer & { readonly failure: string; readonly case: string | null })
  | { readonly failure: null };

export interface WhyValueArguments {
  readonly expression: string;
  /** a frame that the debugger has shown since it moved last; without it the innermost */
  readonly frameId?: number;
}

/** `ran`: why the statement ran that stands there; `notRun`: why it did not. */
export type LineQuestion = 'ran' | 'notRun';

/** A line of a source as the developer wrote it, from 1; of several statements on it the one at the column. */
export interface WhyLineArguments {
  readonly question: LineQuestion;
  readonly path: string;
  readonly line: number;
  readonly column?: number;
}

/** An expression that could have called a function which nothing called. */
export interface CallerAnswer extends PlaceAnswer {
  readonly text: string;
  /** how often its statement ran */
  readonly count: number;
  /** STREAM:NUMBER, before its statement ran last; null where it did not */
  readonly moment: string | null;
}

/** What it says where the question does not fit (the line ran after all, or did not) it says all the same. */
export interface WhyLineAnswer extends WhyAnswer {
  /** how often the statement ran */
  readonly count: number;
  /** STREAM:NUMBER, before the run that it is about; null where there is none */
  readonly moment: string | null;
  readonly callers: readonly CallerAnswer[];
}

export interface SuspectsArguments extends WhyFailedArguments {
  /** at most so many; the likeliest first */
  readonly count?: number;
}

export interface SuspectAnswer extends PlaceAnswer {
  /** STREAM:NUMBER, before the line ran last in the failing case; null where that is not known */
  readonly moment: string | null;
  readonly text: string;
  readonly sentence: string;
}

export interface SuspectsAnswer {
  readonly suspects: readonly SuspectAnswer[];
  /** cases that were compared */
  readonly failing: number;
  readonly passing: number;
  /** small changes of the program that were tried on what was recorded */
  readonly tried: number;
  /** changes for which the time did not suffice */
  readonly left: number;
  /** why none could be; null where some were */
  readonly fault: string | null;
}
