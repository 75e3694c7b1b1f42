/**
 * The automated tuning module: proposals, rollouts of them by steps, judged and rolled back, and a journal of all that was
 * done. By itself it does nothing but keep proposals: whoever calls `apply` decides, and it refuses knobs that the user has
 * not allowed and those that a person has pinned.
 */
import type { KnobDefinition, KnobId, KnobValue } from '../model/knob.ts';
import { outOfBounds } from '../model/knob.ts';
import type {
  ApplyRequest,
  JournalEntry,
  Proposal,
  ProposalRequest,
  RolloutState,
  TunerEvent,
  TunerEventListener,
  TunerState,
} from '../model/rollout.ts';
import type { ServiceImage } from '../model/service.ts';
import type { Clock } from '../model/time.ts';
import type { Database } from '../store/sqlite.ts';
import { Correction } from './correction.ts';
import { Journal } from './journal.ts';
import type { JudgeSettings } from './judge/judge.ts';
import { defaultJudgeSettings, Judge } from './judge/judge.ts';
import type { TrialSettings } from './judge/trial-judge.ts';
import { defaultTrialSettings } from './judge/trial-judge.ts';
import type { Knob } from './knobs/knob.ts';
import { isLive } from './knobs/knob.ts';
import { CanaryRollout } from './rollout/canary.ts';
import type { Course, Rollout } from './rollout/course.ts';
import { latencyThrough } from './rollout/measure.ts';
import type { TunedService, Workbench } from './rollout/service.ts';
import { desiredOf, observed } from './rollout/service.ts';
import { stepsOf } from './rollout/steps.ts';
import type { BlockTimes } from './rollout/trial.ts';
import { defaultBlockTimes, KnobTrial } from './rollout/trial.ts';
import { TuningStore } from './store.ts';

/** A precondition of a rollout: a `fixed` verdict, an error budget that is not spent. */
export type Gate = (proposal: Proposal) => Promise<{ readonly ok: boolean; readonly reason: string }>;

export interface TunerParts {
  readonly database: Database;
  readonly services: readonly TunedService[];
  readonly knobs: readonly Knob[];
  readonly clock: Clock;
  /** of every rollout */
  readonly gates?: readonly Gate[];
  readonly judge?: JudgeSettings;
  readonly trial?: TrialSettings;
  readonly blocks?: BlockTimes;
  /** whether configuration that deviates is restored; it is only told of otherwise */
  readonly restores?: boolean;
}

export class Tuner implements AsyncDisposable {
  readonly #parts: TunerParts;
  readonly #bench: Workbench;
  readonly #correction: Correction;
  readonly #running = new Map<string, { readonly rollout: Rollout; readonly finished: Promise<RolloutState> }>();
  readonly #listeners = new Set<TunerEventListener>();
  readonly #exits: readonly Disposable[];
  #closing = false;

  constructor(parts: TunerParts) {
    this.#parts = parts;
    const store = new TuningStore(parts.database);
    const journal = new Journal(parts.database, parts.clock, (entry) => this.#emit({ kind: 'journal', entry }));
    this.#bench = { store, journal };
    this.#correction = new Correction({
      bench: this.#bench,
      services: parts.services,
      knobs: parts.knobs.filter(isLive),
      restores: parts.restores ?? false,
      clock: parts.clock,
      busy: (service) => this.#courseOf(service) !== undefined,
      deviates: (subject, detail, restored) => this.#emit({ kind: 'deviation', subject, detail, restored }),
    });
    this.#exits = parts.services.map(({ name, launcher }) =>
      launcher.onExit((id, detail) => this.#instanceFailed(name, id, `ended: ${detail}`)),
    );
  }

  /** Somebody has seen that an instance runs and answers nothing any more: a rollout that it is a part of goes back. */
  instanceSilent(service: string, id: string): void {
    this.#instanceFailed(service, id, 'answers nothing any more.');
  }

  /** Keeps a proposal; nothing else. Throws for a knob or service that there is none of, and a value out of bounds. */
  recommend(request: ProposalRequest): Proposal {
    this.#service(request.service);
    if (request.change.kind === 'knob') this.#check(request.change.knob, request.change.value);
    const id = `proposal-${this.#bench.store.next('proposal')}`;
    const proposal: Proposal = { ...request, id, proposedAt: this.#parts.clock.now(), state: 'open' };
    this.#bench.store.saveProposal(proposal);
    this.#emit({ kind: 'proposed', proposal });
    return proposal;
  }

  /** A person does not want it. */
  reject(proposalId: string, by: string): void {
    const proposal = this.#open(proposalId);
    const intent = { key: `${proposalId}/reject`, action: 'reject', detail: { id: proposalId }, by };
    this.#bench.journal.decide(intent, () => this.#bench.store.saveProposal({ ...proposal, state: 'rejected' }));
  }

  /**
   * Begins the rollout of a proposal, and resolves when it has begun. Throws where a gate is closed, the knob is pinned or
   * not allowed, or the service has a rollout already.
   */
  async apply(proposalId: string, request: ApplyRequest, gates: readonly Gate[] = []): Promise<RolloutState> {
    const proposal = this.#open(proposalId);
    const steps = stepsOf(request);
    if (proposal.change.kind === 'knob') this.#mayTune(proposal.change.knob);
    await this.#passGates(proposal, [...(this.#parts.gates ?? []), ...gates]);
    return this.#begin(proposal, { ...request, steps }, 'applied');
  }

  /** A person sets a knob, to whatever its bounds allow, without a trial. */
  async override(knobId: KnobId, value: KnobValue, by: string): Promise<void> {
    const knob = this.#check(knobId, value);
    this.#notPinned(knobId);
    const { service } = knob.definition;
    await this.#ended(service);
    this.#notBusy(service);
    const reason = `${by} sets it.`;
    if (isLive(knob)) return this.#correction.set(knob, value, by);
    const proposal = this.recommend({ service, change: { kind: 'knob', knob: knobId, value }, reason });
    const steps = [{ weight: 100, least: 0 }];
    const { id } = await this.#begin(proposal, { strategy: 'blue-green', steps, by }, 'overridden');
    await this.finished(id);
  }

  /** Nothing but a person's `unpin` lets it be tuned again. A rollout of it that runs is rolled back. */
  pin(knobId: KnobId, by: string): void {
    this.#knob(knobId);
    const key = `pin-${this.#bench.store.next('pin')}`;
    const intent = { key, action: 'pin', detail: { knob: knobId }, by };
    this.#bench.journal.decide(intent, () => this.#bench.store.pin(knobId, by));
    this.#emit({ kind: 'pinned', knob: knobId, by });
    for (const { rollout } of this.#running.values()) {
      const { change } = rollout.course.state;
      if (change.kind === 'knob' && change.knob === knobId) rollout.course.rollBack(`${by} pinned ${knobId}.`);
    }
  }

  unpin(knobId: KnobId, by: string): void {
    if (this.#bench.store.pinnedBy(knobId) === undefined) {
      throw new Error(`${this.#knob(knobId).definition.id} is not pinned.`);
    }
    const key = `pin-${this.#bench.store.next('pin')}`;
    const intent = { key, action: 'unpin', detail: { knob: knobId }, by };
    this.#bench.journal.decide(intent, () => this.#bench.store.unpin(knobId));
    this.#emit({ kind: 'unpinned', knob: knobId, by });
  }

  pause(rolloutId: string, by: string): void {
    const course = this.#runningOne(rolloutId);
    this.#asked('pause', rolloutId, by);
    course.pause(`${by} paused it.`);
  }

  resume(rolloutId: string, by: string): void {
    const course = this.#runningOne(rolloutId);
    this.#asked('resume', rolloutId, by);
    course.resume();
  }

  /** Resolves when it is rolled back; or promoted, where it was too late. */
  rollBack(rolloutId: string, reason: string, by: string): Promise<RolloutState> {
    const course = this.#runningOne(rolloutId);
    this.#asked('ask for the way back', rolloutId, by, { reason });
    course.rollBack(reason);
    return this.finished(rolloutId);
  }

  /** Resolves when the rollout has ended, either way. */
  finished(rolloutId: string): Promise<RolloutState> {
    const known = this.#bench.store.rollout(rolloutId);
    const finished = this.#running.get(rolloutId)?.finished ?? (known && Promise.resolve(known));
    if (!finished) throw new Error(`There is no rollout ${rolloutId}.`);
    return finished;
  }

  async state(): Promise<TunerState> {
    const { store } = this.#bench;
    const running = new Map([...this.#running].map(([id, { rollout }]) => [id, rollout.course.state]));
    return {
      proposals: store.proposals(100),
      rollouts: store.rollouts(50).map((rollout) => running.get(rollout.id) ?? rollout),
      services: await Promise.all(this.#parts.services.map((service) => observed(store, service))),
      knobs: await Promise.all(this.#parts.knobs.map((knob) => this.#correction.stateOf(knob))),
    };
  }

  /** the newest first */
  history(limit: number): readonly JournalEntry[] {
    return this.#bench.journal.last(limit);
  }

  /** Called for every event, in their order. What a listener throws becomes a warning of the process, and nothing else. */
  on(listener: TunerEventListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /**
   * To be called once, before anything else: whatever a daemon that ended left half done is brought back to the last good
   * configuration, and the services that do not run are started. What cannot be reached is an event, and tried again by `correct`.
   */
  recover(): Promise<void> {
    return this.#correction.recover();
  }

  /** Compares desired and observed configuration; restores what deviates, or tells of it. */
  correct(): Promise<void> {
    return this.#correction.correct();
  }

  /** Rolls back what runs. Instances of the last good configuration are left as they are. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    for (const { rollout } of this.#running.values()) rollout.course.rollBack('The daemon ends.');
    await Promise.allSettled([...this.#running.values()].map(({ finished }) => finished));
    for (const exit of this.#exits) exit[Symbol.dispose]();
    this.#listeners.clear();
  }

  async #begin(proposal: Proposal, request: ApplyRequest, become: 'applied' | 'overridden'): Promise<RolloutState> {
    await this.#ended(proposal.service);
    if (this.#closing) throw new Error('The daemon ends: no rollout begins.');
    this.#notBusy(proposal.service);
    const { store, journal } = this.#bench;
    const state = this.#firstState(proposal, request);
    // Claims the service before anything is waited for.
    const parts = { bench: this.#bench, clock: this.#parts.clock, changed: this.#changed };
    const rollout = this.#rolloutFor(proposal, state, parts);
    const intent = { key: `${state.id}/begin`, action: 'begin rollout', rollout: state.id, by: request.by };
    journal.decide({ ...intent, detail: { change: proposal.change, steps: state.steps } }, () => {
      store.saveProposal({ ...proposal, state: become });
      this.#changed(state);
    });
    const finished = rollout.run().finally(() => this.#running.delete(state.id));
    // Whoever waits for it gets the error; the state is 'rolling-back' until the next recovery.
    finished.catch(() => undefined);
    this.#running.set(state.id, { rollout, finished });
    return rollout.course.state;
  }

  #firstState(proposal: Proposal, { strategy, steps = [], by }: ApplyRequest): RolloutState {
    const { service, change, id: of } = proposal;
    const id = `rollout-${this.#bench.store.next('rollout')}`;
    const startedAt = this.#parts.clock.now();
    return {
      id,
      proposal: of,
      service,
      change,
      strategy,
      status: 'starting',
      steps,
      step: -1,
      weight: 0,
      by,
      startedAt,
    };
  }

  #rolloutFor({ service: name, change }: Proposal, state: RolloutState, parts: ChangeParts): Rollout {
    const service = this.#service(name);
    const knob = change.kind === 'knob' ? this.#knob(change.knob) : undefined;
    if (change.kind === 'knob' && knob && isLive(knob)) {
      const times = this.#parts.blocks ?? defaultBlockTimes;
      const settings = this.#parts.trial ?? defaultTrialSettings;
      const measure = latencyThrough(service.traffic);
      return new KnobTrial({ ...parts, knob, measure, times, settings }, state, change.value);
    }
    const judge = new Judge(this.#parts.judge ?? defaultJudgeSettings);
    return new CanaryRollout({ ...parts, service, judge }, state, this.#imageOf(service, state));
  }

  #imageOf(service: TunedService, { change }: RolloutState): ServiceImage {
    if (change.kind === 'image') return change.image;
    const knob = this.#knob(change.knob);
    const { image } = desiredOf(this.#bench.store, service);
    if (isLive(knob)) return image;
    return { build: image.build, configuration: knob.configured(image.configuration, change.value) };
  }

  readonly #changed = (rollout: RolloutState): void => {
    this.#bench.store.saveRollout(rollout);
    this.#emit({ kind: 'rollout', rollout });
    if (rollout.status === 'promoted') this.#emit({ kind: 'promoted', rollout });
    if (rollout.status === 'rolled-back') {
      this.#emit({ kind: 'rolled-back', rollout, reason: rollout.reason ?? 'no reason given' });
    }
  };

  /** What somebody asked of a rollout that runs is a line of the journal, too. */
  #asked(action: string, rollout: string, by: string, detail: Readonly<Record<string, unknown>> = {}): void {
    const key = `${rollout}/asked-${this.#bench.store.next('asked')}`;
    this.#bench.journal.decide({ key, action, rollout, by, detail });
  }

  #instanceFailed(service: string, id: string, how: string): void {
    for (const { rollout } of this.#running.values()) {
      if (rollout.course.state.service === service) rollout.instanceFailed(id, how);
    }
  }

  async #passGates(proposal: Proposal, gates: readonly Gate[]): Promise<void> {
    for (const gate of gates) {
      const { ok, reason } = await gate(proposal);
      if (!ok) throw new Error(`${proposal.id} is not rolled out: ${reason}`);
    }
  }

  #mayTune(id: KnobId): void {
    this.#notPinned(id);
    const { allowed }: KnobDefinition = this.#knob(id).definition;
    if (!allowed) throw new Error(`${id} is not allowed to be tuned: its configuration has to say \`allowed: true\`.`);
  }

  #notPinned(id: KnobId): void {
    const by = this.#bench.store.pinnedBy(id);
    if (by !== undefined) throw new Error(`${id} is pinned by ${by}: it has to be unpinned first.`);
  }

  #check(id: KnobId, value: KnobValue): Knob {
    const knob = this.#knob(id);
    const wrong = outOfBounds(knob.definition, value);
    if (wrong !== undefined) throw new Error(wrong);
    return knob;
  }

  #knob(id: KnobId): Knob {
    const knob = this.#parts.knobs.find(({ definition }) => definition.id === id);
    if (!knob) throw new Error(`There is no knob ${id}: ${this.#knobsInWords()}.`);
    return knob;
  }

  #knobsInWords(): string {
    const ids = this.#parts.knobs.map(({ definition }) => definition.id);
    return ids.length === 0 ? 'the configuration names none' : `the knobs are ${ids.join(', ')}`;
  }

  #service(name: string): TunedService {
    const service = this.#parts.services.find((one) => one.name === name);
    if (!service) throw new Error(`There is no service ${name} that can be tuned.`);
    return service;
  }

  #open(id: string): Proposal {
    const proposal = this.#bench.store.proposal(id);
    if (!proposal) throw new Error(`There is no proposal ${id}.`);
    if (proposal.state !== 'open') throw new Error(`${id} is ${proposal.state} already.`);
    return proposal;
  }

  #courseOf(service: string): Course | undefined {
    const running = [...this.#running.values()].map(({ rollout }) => rollout.course);
    return running.find(({ state }) => state.service === service);
  }

  /** A rollout that is decided may still be stopping the instances of before. */
  async #ended(service: string): Promise<void> {
    for (const { rollout, finished } of this.#running.values()) {
      const { state } = rollout.course;
      if (state.service === service && state.finishedAt !== undefined) await Promise.allSettled([finished]);
    }
  }

  #notBusy(service: string): void {
    const course = this.#courseOf(service);
    if (course) throw new Error(`${service} has a rollout already: ${course.state.id}.`);
  }

  #runningOne(id: string): Course {
    const running = this.#running.get(id);
    if (running) return running.rollout.course;
    const known = this.#bench.store.rollout(id);
    throw new Error(known ? `${id} is ${known.status} already.` : `There is no rollout ${id}.`);
  }

  #emit(event: TunerEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // A way back must not end because somebody who looks on fails.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}

interface ChangeParts {
  readonly bench: Workbench;
  readonly clock: Clock;
  readonly changed: (state: RolloutState) => void;
}
