/** What the operations panel and the extension's host say to each other. Both sides use these types. */
import type {
  CalibrationState,
  Exemplar,
  ForecastState,
  History,
  OperationsState,
  SignalHistory,
  Signatures,
} from '../../../operational-loop/src/api/messages.ts';
import type { Strategy } from '../../../operational-loop/src/model/rollout.ts';
import type { SignalName } from '../../../operational-loop/src/model/signals.ts';

/** How the panel stands to a daemon. */
export type Connection =
  /** nothing is looked for in a workspace that is not trusted */
  | { readonly state: 'untrusted' }
  /** no folder is open whose daemon it could be */
  | { readonly state: 'no-folder' }
  | { readonly state: 'none' }
  | { readonly state: 'connecting'; readonly folder: string }
  | { readonly state: 'connected'; readonly folder: string }
  /** it was there, and no longer answers; it is asked again until it does, or another one runs */
  | { readonly state: 'lost'; readonly folder: string; readonly since: number; readonly sentence: string };

/** What the panel asks the daemon for, and what it answers. */
export interface OperationsQueries {
  readonly forecast: { readonly args: { service: string; signal: SignalName }; readonly answer: ForecastState };
  readonly signals: {
    readonly args: { service: string; signal: SignalName; from: number; to: number };
    readonly answer: SignalHistory;
  };
  readonly history: { readonly args: { limit: number }; readonly answer: History };
  readonly signatures: { readonly args: object; readonly answer: Signatures };
  readonly calibration: { readonly args: object; readonly answer: CalibrationState };
}

export type OperationsQuery = keyof OperationsQueries;

/** What a person does. Where it changes a running service, the editor asks whether it is meant. */
export type OperationsAction =
  | { readonly kind: 'apply'; readonly proposal: string; readonly strategy: Strategy }
  /** applies another value, which the editor asks for */
  | { readonly kind: 'override'; readonly proposal: string }
  | { readonly kind: 'dismiss'; readonly proposal: string }
  | { readonly kind: 'pin' | 'unpin'; readonly knob: string }
  | { readonly kind: 'pause' | 'resume' | 'roll-back'; readonly rollout: string }
  | { readonly kind: 'acknowledge'; readonly alert: string }
  /** says of a signature what it is, what became of it or what helped: the editor asks for the words */
  | { readonly kind: 'describe'; readonly signature: number; readonly what: SignatureWords };

export type SignatureWords = 'name' | 'outcome' | 'fix';

/** What became of an action. */
export type ActionResult = 'done' | 'cancelled';

/** What an alert can be about, by its id. */
export interface Subject {
  readonly kind: 'alert' | 'drift' | 'proposal' | 'rollout' | 'service';
  /** of a service: its name */
  readonly id: string;
}

export type OperationsHostMessage =
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'state'; readonly state: OperationsState }
  /** whether the panel can be seen; it can where nobody has said so */
  | { readonly kind: 'visible'; readonly isVisible: boolean }
  /** moves to it */
  | { readonly kind: 'show'; readonly subject: Subject }
  | { readonly kind: 'response'; readonly id: number; readonly body: unknown }
  | { readonly kind: 'response'; readonly id: number; readonly error: string };

export type OperationsPanelMessage =
  /** the panel listens: it wants to know what there is */
  | { readonly kind: 'ready' }
  | { readonly kind: 'request'; readonly id: number; readonly query: OperationsQuery; readonly args: object }
  /** the response is an ActionResult */
  | { readonly kind: 'act'; readonly id: number; readonly action: OperationsAction }
  | { readonly kind: 'run'; readonly command: OperationsCommand }
  /** replays the request that it is about */
  | { readonly kind: 'openExemplar'; readonly exemplar: Exemplar }
  /** replays a recording by its name or folder */
  | { readonly kind: 'openRecording'; readonly recording: string };

export type OperationsCommand = (typeof OPERATIONS_COMMANDS)[number];

export const OPERATIONS_COMMANDS = [
  'hindcast.operations.start',
  'hindcast.operations.demo',
  'hindcast.operations.stop',
  'workbench.trust.manage',
  'vscode.openFolder',
] as const;
