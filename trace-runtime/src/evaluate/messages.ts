/** What the reader and its sandbox say to each other: one line of JSON each. Values are those of query/json-value.ts. */
import type { Json, JsonObject } from '../query/json-value.ts';
import type { FunctionCode } from './program-code.ts';

/** The sandbox's first line: it has started, and takes requests. */
export const READY = 'ready';

/** The reader asks for an evaluation. */
export interface EvaluateRequest {
  readonly code: string;
  /** the innermost scope in sight; 0: none */
  readonly scope: number;
  /** what the scopes around it hold, so that it need not be asked for */
  readonly scopes: readonly (ScopeAnswer & { readonly id: number })[];
  readonly strict: boolean;
  readonly self: Json;
  readonly arguments: Json;
  /** the language's own objects that the program has changed */
  readonly patched: readonly number[];
  /** objects that are likely to be asked for */
  readonly objects: readonly { readonly id: number; readonly answer: JsonObject | null }[];
  /**
   * fresh: one of its own, and what it does to the language's objects is gone afterwards; shared: that of many evaluations in
   * a row; console: that in which names are kept which a console's lines declare
   */
  readonly realm: 'fresh' | 'shared' | 'console';
  /** names that are kept from now on: the code sees them first. Where it declares none, it sees those kept last. */
  readonly declares: readonly DeclaredName[];
  /** the time of the moment, in milliseconds since the epoch */
  readonly now: number | null;
}

export interface DeclaredName {
  readonly name: string;
  /** a constant */
  readonly fixed: boolean;
}

/** How often a trial is run at most, where the machine was busy with something else. */
export const TRIAL_RUNS = 5;

/** The reader asks how an evaluation ends with each of several changes of the program. */
export interface TrialRequest extends Omit<EvaluateRequest, 'realm' | 'declares' | 'objects'> {
  /** how long each may run */
  readonly milliseconds: number;
  /** at the moment and in the realm of the request before: what that one has asked for need not be asked again */
  readonly again: boolean;
  /** for each trial texts of the program's functions, and what they are instead */
  readonly trials: readonly (readonly (readonly [string, string])[])[];
}

export interface TrialAnswer {
  /** the processor's time that they took */
  readonly milliseconds: number;
  readonly outcomes: readonly Outcome[];
}

/** The sandbox asks for what it lacks, while it evaluates. */
export type Ask =
  | { readonly ask: 'object'; readonly id: number }
  | { readonly ask: 'scope'; readonly id: number }
  | { readonly ask: 'process' }
  /** the text of its assertion library, which its own process has */
  | { readonly ask: 'assertions' };

export interface FunctionAnswer extends FunctionCode {
  readonly scope: number;
  /** of arrows */
  readonly self: Json;
}

export interface ObjectAnswer extends JsonObject {
  /** the wire's name of the object's kind */
  readonly made: string;
}

export interface ScopeAnswer {
  /** 0: none */
  readonly parent: number;
  readonly variables: readonly { readonly name: string; readonly fixed: boolean; readonly value: Json }[];
}

/** What an evaluation came to. Objects are those that it made or may have changed; others keep their ids. */
export type Outcome =
  | {
      readonly value: Json;
      readonly objects: { readonly [id: string]: JsonObject };
      /** the value is an array: what it came to, then the arguments of each call of the console */
      readonly printed?: boolean;
    }
  /** the program's own error */
  | { readonly threw: string }
  /** it needs what was not recorded */
  | { readonly refused: string }
  /** a trial ran longer than it may */
  | { readonly stopped: true };
