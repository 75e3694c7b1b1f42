/** What panels and the extension's host say to each other. Both sides use these types. */
import type { ObjectRootAnswer } from '../../trace-runtime/src/model/object-answers.ts';
import type { PanelRequests } from '../../trace-runtime/src/model/panel-answers.ts';
import type { WhyAnswer, WhyLineAnswer } from '../../trace-runtime/src/model/why-answers.ts';

export type PanelCommand = keyof PanelRequests;

/** Requests that the host passes on to the debug adapter. */
export const PANEL_COMMANDS: readonly PanelCommand[] = [
  'overview',
  'timeline',
  'nextItem',
  'flame',
  'callTree',
  'callPath',
  'callDetails',
  'findCalls',
  'where',
  'whyFailed',
  'whyGraph',
  'suspects',
  'sequence',
  'objectGraph',
  'objectChanges',
];

/** Where the debugger stands. */
export interface Place {
  readonly threadId: number;
  readonly moment: number;
  /** calls on the stack, outermost first */
  readonly stack: readonly number[];
  /** the call of the frame that is selected; null where it is none of the stack's */
  readonly selected: number | null;
}

/** Why a value is what it is, or a line ran or did not: somebody asked for it in the editor. */
export interface Question {
  /** `Why does total have this value?` */
  readonly text: string;
  /** said while it is looked for */
  readonly busy: string;
  /** undefined while it is looked for */
  readonly answer?: WhyAnswer | WhyLineAnswer;
  /** why there is no answer */
  readonly error?: string;
}

/** As `hindcast validate` names them. */
export type VerdictName = 'fixed' | 'still-failing' | 'different-failure' | 'inconclusive';

/** Why a verdict is what it is. */
export interface ShownReason {
  readonly text: string;
  /** `name`: as it is shown */
  readonly place: { readonly path: string; readonly line: number; readonly name: string } | null;
}

/** What a rerun of what failed showed. */
export interface ShownVerdict {
  /** of a case; null: of what failed outside of any */
  readonly case: string | null;
  readonly verdict: VerdictName;
  /** `Still failing` */
  readonly title: string;
  readonly reasons: readonly ShownReason[];
  readonly isKept: boolean;
}

/** The proof of the recording that is replayed, or of the one that it is a rerun of. */
export interface Proof {
  readonly isRunning: boolean;
  /** whether the program may be run: not in a workspace that is not trusted */
  readonly isAllowed: boolean;
  /** the recording that is replayed is a rerun itself */
  readonly isRerun: boolean;
  /** one for each failure; none where it was not validated yet */
  readonly verdicts: readonly ShownVerdict[];
  /** when, for people */
  readonly at: string;
  /** whether a source was edited since */
  readonly isOld: boolean;
  /** the first difference between the failing run and the rerun */
  readonly difference: string | null;
  readonly hasRerun: boolean;
  readonly confirmations: readonly ShownConfirmation[];
}

/** Whether a rerun with a change there confirms a suspect, a value or a decision as the cause. */
export interface ShownConfirmation {
  /** FILE:LINE of a suspect, STREAM:NUMBER of a value or a decision */
  readonly what: string;
  readonly state: 'running' | 'confirmed' | 'refuted';
  readonly text: string;
  /** the rerun's recording */
  readonly rerun: string | null;
}

/** `none`: nothing is replayed; `opening`: a recording is being made or read. */
export type SessionState = 'none' | 'opening' | 'ready';

export type HostMessage =
  | { readonly kind: 'session'; readonly state: SessionState; readonly id: string; readonly name: string }
  | ({ readonly kind: 'stopped' } & Place)
  /** whether the panel can be seen; it can where nobody has said so */
  | { readonly kind: 'visible'; readonly isVisible: boolean }
  /** null: nothing is asked any more */
  | { readonly kind: 'question'; readonly question: Question | null }
  /** whose graph was asked for; null: of none any more */
  | { readonly kind: 'object'; readonly root: ObjectRootAnswer | null }
  /** null: of none any more */
  | { readonly kind: 'proof'; readonly proof: Proof | null }
  /** STREAM:NUMBER: a person has marked it wrong, and it is a failure of the recording now */
  | { readonly kind: 'marked'; readonly moment: string }
  /** other breakpoints are set now */
  | { readonly kind: 'breakpoints' }
  | { readonly kind: 'response'; readonly id: number; readonly body: unknown }
  | { readonly kind: 'response'; readonly id: number; readonly error: string };

export type PanelMessage =
  /** the panel listens: it wants to know the session and where the debugger stands */
  | { readonly kind: 'ready' }
  | { readonly kind: 'request'; readonly id: number; readonly command: PanelCommand; readonly args: object }
  /** STREAM:NUMBER */
  | { readonly kind: 'goTo'; readonly moment: string }
  /** puts it on the clipboard */
  | { readonly kind: 'copy'; readonly text: string }
  /** asks for a recording; the response is a PickedRecording, or null */
  | { readonly kind: 'pickRecording'; readonly id: number; readonly title: string }
  /** asks for a place to save it in a file of that name */
  | { readonly kind: 'save'; readonly name: string; readonly text: string }
  /** shows a file */
  | { readonly kind: 'open'; readonly path: string; readonly line: number }
  /** a command of the editor; `case`: about that failure of the recording, null being one outside of any case */
  | { readonly kind: 'run'; readonly command: PanelAction; readonly case?: string | null }
  /** reruns with a change there; `what` and `case` as in ShownConfirmation and `run` */
  | { readonly kind: 'confirm'; readonly what: string; readonly case?: string | null }
  /** replays a recording by its folder */
  | { readonly kind: 'replay'; readonly recording: string };

export interface PickedRecording {
  /** its folder */
  readonly recording: string;
  readonly name: string;
}

export type PanelAction = (typeof PANEL_ACTIONS)[number];

export const PANEL_ACTIONS = [
  'hindcast.record',
  'hindcast.replay',
  'hindcast.validate',
  'hindcast.cancelValidation',
  'hindcast.replayRerun',
  'hindcast.showDifference',
  'hindcast.keepFailure',
] as const;
