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
  /** what the panel offers while there is no session */
  | { readonly kind: 'run'; readonly command: PanelAction };

export interface PickedRecording {
  /** its folder */
  readonly recording: string;
  readonly name: string;
}

export type PanelAction = 'hindcast.record' | 'hindcast.replay';

export const PANEL_ACTIONS: readonly PanelAction[] = ['hindcast.record', 'hindcast.replay'];
