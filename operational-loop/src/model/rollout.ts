/** Changes of running services: proposed, rolled out by steps, judged, promoted or rolled back. */
import type { KnobDefinition, KnobId, KnobValue } from './knob.ts';
import type { ServiceImage } from './service.ts';
import type { Milliseconds, UnixMs } from './time.ts';

export type Arm = 'baseline' | 'canary';

export type Strategy = 'canary' | 'blue-green';

/** `image`: instances of another build or configuration. `knob`: one setting. */
export type Change =
  | { readonly kind: 'image'; readonly image: ServiceImage }
  | { readonly kind: 'knob'; readonly knob: KnobId; readonly value: KnobValue };

/** What is expected of a change. Money in the catalogue's currency an hour. */
export interface Prediction {
  /** canary's latency over baseline's: 0.8 is a fifth faster */
  readonly latencyRatio?: number;
  /** of an objective being violated within the horizon, with and without the change, 0 to 1 */
  readonly violationIfDone?: number;
  readonly violationIfNot?: number;
  readonly costOfActing?: number;
  readonly costOfNotActing?: number;
  /** 0 to 1 */
  readonly confidence?: number;
}

export interface ProposalRequest {
  readonly service: string;
  readonly change: Change;
  /** a sentence with facts */
  readonly reason: string;
  readonly predicted?: Prediction;
}

export type ProposalState = 'open' | 'applied' | 'rejected' | 'overridden';

export interface Proposal extends ProposalRequest {
  readonly id: string;
  readonly proposedAt: UnixMs;
  readonly state: ProposalState;
}

/** One share of the traffic that the canary is given. */
export interface RolloutStep {
  /** of the service's requests, in percent */
  readonly weight: number;
  /** how long it takes at least */
  readonly least: Milliseconds;
}

export interface ApplyRequest {
  readonly strategy: Strategy;
  readonly steps?: readonly RolloutStep[];
  /** who asked: a person's name, or `loop` */
  readonly by: string;
}

/** What is not finished is begun anew or rolled back after a crash. */
export type RolloutStatus =
  | 'starting'
  | 'running'
  | 'paused'
  | 'promoting'
  | 'rolling-back'
  | 'promoted'
  | 'rolled-back';

export const finishedStatuses: readonly RolloutStatus[] = ['promoted', 'rolled-back'];

export type Decision = 'worse' | 'not-worse' | 'not-enough';

/** What is known of one measure of a canary against its baseline at one moment. */
export interface MetricState {
  readonly name: 'latency' | 'errors';
  readonly decision: Decision;
  /** of the canary and of the baseline: mean milliseconds of a request, or share of requests that failed; absent before the first */
  readonly canary?: number;
  readonly baseline?: number;
  /** latency: the canary's over the baseline's; errors: the canary's share less the baseline's; absent where it is not known yet */
  readonly estimate?: number;
  /** a confidence sequence of the estimate: it holds at every moment at once, with probability `1 - alpha` each side */
  readonly low?: number;
  readonly high?: number;
  /** anytime-valid p-value of "the canary is no worse": it may be looked at whenever one likes */
  readonly pWorse: number;
  /** probability that the canary is worse, 0 to 1, from what was seen and a prior of one half */
  readonly probabilityWorse: number;
}

export interface JudgeVerdict {
  readonly decision: Decision;
  /** a sentence with facts */
  readonly reason: string;
  readonly metrics: readonly MetricState[];
  /** requests seen of each; of a live setting's trial, blocks of time */
  readonly requests: Readonly<Record<Arm, number>>;
  readonly probabilityWorse: number;
}

export interface RolloutState {
  readonly id: string;
  readonly proposal: string;
  readonly service: string;
  readonly change: Change;
  readonly strategy: Strategy;
  readonly status: RolloutStatus;
  readonly steps: readonly RolloutStep[];
  /** index into `steps`; -1 before the first */
  readonly step: number;
  /** percent of the requests that the canary has now */
  readonly weight: number;
  readonly by: string;
  readonly startedAt: UnixMs;
  readonly finishedAt?: UnixMs;
  /** why it is paused, was rolled back, or what it waits for */
  readonly reason?: string;
  readonly verdict?: JudgeVerdict;
}

/** One line of the journal: written as intent before anything is done, and completed afterwards. */
export interface JournalEntry {
  readonly id: number;
  /** tells one action from all others; none is carried out twice */
  readonly key: string;
  readonly rollout?: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly intendedAt: UnixMs;
  /** `interrupted`: the daemon ended before it knew */
  readonly result?: 'done' | 'failed' | 'interrupted';
  readonly message?: string;
  readonly finishedAt?: UnixMs;
}

/** What a service shall run, and what it was last seen to run. */
export interface ServiceConfiguration {
  readonly service: string;
  /** name of the traffic port's slot that has the last good image */
  readonly slot: string;
  readonly desired: ServiceImage;
  readonly observed: readonly { readonly instance: string; readonly slot?: string; readonly image: ServiceImage }[];
  /** percent by slot */
  readonly weights: Readonly<Record<string, number>>;
}

export interface KnobState {
  readonly definition: KnobDefinition;
  readonly desired?: KnobValue;
  readonly observed?: KnobValue;
  readonly pinnedBy?: string;
}

export interface TunerState {
  readonly proposals: readonly Proposal[];
  /** those that run, and the last finished ones, newest first */
  readonly rollouts: readonly RolloutState[];
  readonly services: readonly ServiceConfiguration[];
  readonly knobs: readonly KnobState[];
}

export type TunerEvent =
  | { readonly kind: 'proposed'; readonly proposal: Proposal }
  | { readonly kind: 'rollout'; readonly rollout: RolloutState }
  | { readonly kind: 'rolled-back'; readonly rollout: RolloutState; readonly reason: string }
  | { readonly kind: 'promoted'; readonly rollout: RolloutState }
  | { readonly kind: 'journal'; readonly entry: JournalEntry }
  | { readonly kind: 'pinned' | 'unpinned'; readonly knob: KnobId; readonly by: string }
  | { readonly kind: 'deviation'; readonly subject: string; readonly detail: string; readonly restored: boolean };

export type TunerEventListener = (event: TunerEvent) => void;
