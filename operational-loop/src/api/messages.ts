/** What the daemon's HTTP API says, as JSON. `README.md` of this folder's package lists the routes. */
import type { DriftEvidence, DriftKind, DriftSignature, Heading, SignatureMatch } from '../model/drift.ts';
import type { Saturation } from '../model/forecast.ts';
import type { GateResult, Incident } from '../model/objective.ts';
import type { Calibration, PredictedEffect, Recommendation, Risk } from '../model/prediction.ts';
import type { JournalEntry, KnobState, Proposal, RolloutState, ServiceConfiguration } from '../model/rollout.ts';
import type { ServiceImage } from '../model/service.ts';
import type { GoldenSignals, SignalName } from '../model/signals.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';

export const API_VERSION = 1;

/** `GET /v1/state`: everything that a client shows at first sight. `GET /v1/events` sends it again when it changed. */
export interface OperationsState {
  readonly version: typeof API_VERSION;
  readonly time: UnixMs;
  /** of prices and costs, such as `EUR`; missing: nobody has named it */
  readonly currency?: string;
  readonly daemon: {
    readonly pid: number;
    readonly startedAt: UnixMs;
    /** whether it acts by itself on knobs that are allowed; else it recommends */
    readonly acts: boolean;
  };
  readonly services: readonly ServiceState[];
  /** open ones, and those that ended lately; the furthest first */
  readonly drifts: readonly DriftState[];
  /** open ones first, the latest first */
  readonly alerts: readonly Alert[];
  readonly proposals: readonly ProposalState[];
  readonly advice: readonly Advice[];
  readonly rollouts: readonly RolloutState[];
  /** of the next step of each rollout that runs, by its id */
  readonly risks: Readonly<Record<string, Risk>>;
  readonly knobs: readonly KnobState[];
  readonly configurations: readonly ServiceConfiguration[];
}

export interface ServiceState {
  readonly name: string;
  readonly environment: string;
  /** where it takes requests, if the daemon shares them out */
  readonly address: string | undefined;
  /** of the last minute */
  readonly signals: GoldenSignals;
  readonly instances: readonly InstanceState[];
  readonly objectives: readonly ObjectiveState[];
  /** failing and slow requests that were recorded, the latest first */
  readonly exemplars: readonly Exemplar[];
  /** what is known to stop it from being watched, a sentence each */
  readonly problems: readonly string[];
}

export interface InstanceState {
  readonly id: string;
  readonly startedAt: UnixMs | undefined;
  readonly image: ServiceImage | undefined;
  readonly pid: number | undefined;
  /** where it takes requests, such as `http://127.0.0.1:8081` */
  readonly address: string | undefined;
  readonly signals: GoldenSignals;
  /** of the open drift that is furthest, by its id */
  readonly drift: string | undefined;
  /** where it is recorded */
  readonly recording: string | undefined;
}

export interface ObjectiveState {
  readonly name: string;
  readonly target: number;
  /** the share that was good in its window */
  readonly sli: number;
  /** the share of the error budget that is left; below 0 the objective is missed */
  readonly remaining: number;
}

/** A failing or slow request whose recording shows what happened. */
export interface Exemplar {
  readonly recording: string;
  readonly case: string;
  readonly symptom: 'failed' | 'slow';
  readonly service: string;
  readonly instance: string;
  /** the error's type and message; '' for a slow one */
  readonly message: string;
  readonly milliseconds: Milliseconds | undefined;
  readonly seenAt: UnixMs;
}

export interface DriftState {
  readonly id: string;
  readonly kind: DriftKind;
  readonly service: string;
  readonly instance: string | undefined;
  readonly metric: string;
  /** 1 is the threshold */
  readonly score: number;
  readonly rarity: number;
  readonly since: UnixMs;
  readonly endedAt: UnixMs | undefined;
  readonly evidence: readonly DriftEvidence[];
  /** of a drift of the future: the limit, and when it is expected to be passed */
  readonly heading: Heading | undefined;
  readonly nearest: readonly SignatureMatch[];
  readonly exemplars: readonly Exemplar[];
}

export interface Alert {
  readonly id: string;
  readonly kind: 'drift' | 'prediction' | 'threshold' | 'silent' | 'burn' | 'rollback' | 'configuration';
  /** `log`: the last few of its kind ended without anybody having done anything, so nobody is told of it */
  readonly severity: 'page' | 'ticket' | 'log';
  readonly service: string;
  readonly instance: string | undefined;
  /** one sentence with facts */
  readonly text: string;
  readonly since: UnixMs;
  readonly endedAt: UnixMs | undefined;
  /** the drift, rollout or proposal that it is about, by its id */
  readonly about: string | undefined;
  readonly acknowledgedBy: string | undefined;
  readonly exemplars: readonly Exemplar[];
}

/** A proposal of the tuner with what the prediction said of it. */
export interface ProposalState extends Proposal {
  readonly recommendation: Recommendation | undefined;
  readonly effects: readonly PredictedEffect[];
}

/** `GET /v1/services/NAME/forecast?signal=SIGNAL`: the past and what is expected of it. */
export interface ForecastState {
  readonly service: string;
  readonly signal: SignalName;
  readonly unit: string;
  readonly method: string;
  readonly past: {
    readonly times: readonly UnixMs[];
    readonly values: readonly (number | null)[];
    /** how many robust standard deviations each value is from what the values before it lead to expect */
    readonly scores: readonly number[];
    /** places of those that chance hardly explains in a past of this length */
    readonly unusual: readonly number[];
  };
  readonly future: {
    readonly times: readonly UnixMs[];
    readonly mean: readonly number[];
    readonly intervals: readonly {
      readonly level: number;
      readonly lower: readonly number[];
      readonly upper: readonly number[];
    }[];
  };
  /** where the signal has a limit */
  readonly limit: number | undefined;
  readonly saturation: Saturation | undefined;
  /** of passing the limit within the forecast, if nothing is done */
  readonly risk: Risk | undefined;
}

/** `GET /v1/services/NAME/signals?from=&to=`: each instance's signals over time. */
export interface SignalHistory {
  readonly service: string;
  readonly signal: SignalName;
  readonly times: readonly UnixMs[];
  readonly instances: readonly { readonly id: string; readonly values: readonly (number | null)[] }[];
}

/** `GET /v1/history`: what was done, the latest first. */
export interface History {
  readonly entries: readonly JournalEntry[];
}

/** `GET /v1/signatures`: the drifts that were seen, the latest first. */
export interface Signatures {
  readonly signatures: readonly (Omit<DriftSignature, 'shape'> & { readonly shape: readonly number[] })[];
}

/** `GET /v1/predictions?service=&limit=`: decisions that are stored with all their inputs, the latest first. */
export interface Predictions {
  readonly predictions: readonly KeptPrediction[];
}

export interface KeptPrediction {
  readonly id: number;
  readonly service: string;
  readonly madeAt: UnixMs;
  /** of the tuner, where it led to one */
  readonly proposal?: string;
  /** the proposed action, such as `CACHE_SIZE=200`; `nothing` */
  readonly chosen: string;
  readonly reason: string;
}

/** `GET /v1/predictions/ID/replay`: the decision made again from its stored inputs. */
export type PredictionReplay =
  | { readonly state: 'same'; readonly chosen: string }
  /** places at which it differs, such as `steps.choice.chosen`, the first 20 */
  | { readonly state: 'different'; readonly chosen: string; readonly differences: readonly string[] }
  | { readonly state: 'unreadable'; readonly message: string };

/** `GET /v1/calibration`: do the probabilities that were given come true? */
export interface CalibrationState {
  readonly kinds: readonly {
    /** `forecast`: a limit is passed if nothing is done; `recommendation`: after acting; `canary`: it is found worse */
    readonly kind: string;
    /** those whose outcome is not known yet */
    readonly pending: number;
    /** undefined while no outcome is known */
    readonly calibration: Calibration | undefined;
  }[];
}

/** `GET /v1/incidents?service=`: the latest first. */
export interface Incidents {
  readonly incidents: readonly Incident[];
}

/** `GET /v1/incidents/ID/postmortem`: a draft in Markdown. */
export interface Postmortem {
  readonly markdown: string;
}

/** `GET /v1/services/NAME/gate`: may a change go out? */
export type GateState = GateResult;

/** `POST /v1/instances`: an instance that somebody else started says what it is. */
export interface InstanceStarted {
  readonly service: string;
  readonly id: string;
  readonly environment: string;
  readonly image: ServiceImage;
  readonly pid: number;
  readonly address?: string;
  readonly recording?: string;
}

/** What would be best but has to be done by people: more instances, other machines. */
export interface Advice {
  readonly service: string;
  readonly recommendation: Recommendation;
}
