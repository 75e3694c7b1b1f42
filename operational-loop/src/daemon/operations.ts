/** The turns in which the daemon looks at what runs, and what it tells of it. */
import { HindcastError } from '../../../trace-runtime/src/base/errors.ts';
import type { Alert, OperationsState, ProposalState } from '../api/messages.ts';
import { API_VERSION } from '../api/messages.ts';
import type { DriftFinding } from '../model/drift.ts';
import type { Costs } from '../model/prediction.ts';
import type {
  ApplyRequest,
  Proposal,
  ProposalRequest,
  RolloutState,
  RolloutStep,
  TunerEvent,
} from '../model/rollout.ts';
import type { ServiceImage } from '../model/service.ts';
import type { GoldenSignals } from '../model/signals.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import type { GoldenSignalsReader } from '../signals/golden-signals.ts';
import type { ServiceSettings, SignalLimit } from './configuration.ts';
import { driftState, raiseDrifts } from './drift-alerts.ts';
import { SIGNALS, type OperationsParts, type OperationsSettings } from './parts.ts';
import type { SampledInstance } from './process-sampling.ts';
import { risksOf } from './canary-risks.ts';
import { RecordedExemplars } from './recorded-exemplars.ts';
import { namesOfServices, stateOfServices } from './service-states.ts';
import { Thresholds } from './thresholds.ts';
import { Turn } from './turn.ts';

/** Lengths of turns. */
const DRIFT: Milliseconds = 5000;
const EXEMPLARS: Milliseconds = 10_000;
const SLOW: Milliseconds = 30_000;
/** A 99th percentile this many times the median has requests to look at. */
const SLOW_FACTOR = 10;
/** What an instance needs to be like its peers. */
const SETTLING: Milliseconds = 60_000;
/** How long a service and an instance that tell nothing more are still shown. */
const FORGOTTEN: Milliseconds = 120_000;

export class Operations implements AsyncDisposable {
  readonly startedAt: UnixMs;
  readonly exemplars: RecordedExemplars;
  readonly #turns: Turn[] = [];
  readonly #listeners = new Set<(event: OperationsEvent) => void>();
  #drifts: readonly DriftFinding[] = [];
  /** drifts that have ended and whose signature says how */
  readonly #remembered = new Set<string>();
  /** when the latest rollout of a service began and ended */
  readonly #rolledOut = new Map<string, { readonly from: UnixMs; readonly to: UnixMs | undefined }>();

  /** Its parts are ended with it. */
  constructor(
    private readonly given: OperationsSettings,
    readonly parts: OperationsParts,
  ) {
    this.startedAt = given.clock.now();
    this.exemplars = new RecordedExemplars({ command: given.hindcast, clock: given.clock });
    const { book, incidents, tuner } = parts;
    book.onOpen((alert) => this.#tell({ event: 'alert', data: alert }));
    book.onOpen((alert) => incidents.note(alert));
    book.onOpen(({ kind, service, instance }) => {
      if (kind === 'silent' && instance !== undefined) tuner.instanceSilent(service, instance);
    });
    tuner.on((event) => this.#heard(event));
  }

  /** Brings what runs to its last good configuration, and begins to look. */
  async start(): Promise<void> {
    await this.parts.tuner.recover();
    const { configuration } = this.given;
    const thresholds = new Thresholds(this.parts.book);
    this.#turns.push(
      new Turn(SIGNALS, async () => {
        this.parts.register.look();
        this.parts.processes.look(this.#reporting());
        for (const { name, limits } of configuration.services) {
          if (limits.length > 0) thresholds.look(this.#signals(name), limits, this.exemplars.ofService(name));
        }
        if (this.#listeners.size > 0) this.#tell({ event: 'state', data: await this.state() });
      }),
      new Turn(SIGNALS, () => this.parts.silence.look()),
      new Turn(DRIFT, async () => this.#lookForDrift()),
      new Turn(configuration.predictEvery * 1000, () => this.parts.predictor.look(configuration.services)),
      new Turn(EXEMPLARS, async () => this.#lookForExemplars()),
      new Turn(SLOW, async () => {
        this.parts.objectives.look();
        this.parts.probabilities.look();
        await this.parts.tuner.correct();
      }),
    );
  }

  async state(): Promise<OperationsState> {
    const { clock, configuration } = this.given;
    const tuner = await this.parts.tuner.state();
    const time = clock.now();
    return {
      version: API_VERSION,
      time,
      ...(this.parts.predictor.currency === undefined ? {} : { currency: this.parts.predictor.currency }),
      daemon: { pid: process.pid, startedAt: this.startedAt, acts: configuration.acts },
      services: stateOfServices(this, configuration.services, {
        now: time,
        forgotten: FORGOTTEN,
        drifts: this.#drifts,
      }),
      drifts: this.#drifts.map((drift) => driftState(drift, this.exemplars.of(drift.service, drift.instance))),
      alerts: this.parts.book.list(),
      proposals: tuner.proposals.map((proposal): ProposalState => {
        const { input: _, steps } = this.parts.keeper.ofProposal(proposal.id) ?? { input: undefined, steps: undefined };
        const recommendation = steps?.choice.recommendations.find(({ proposal: of }) => of.id === steps.choice.chosen);
        return { ...proposal, recommendation, effects: recommendation?.effects ?? [] };
      }),
      advice: this.parts.predictor.advice,
      rollouts: tuner.rollouts,
      risks: risksOf(tuner, configuration.costs),
      knobs: tuner.knobs,
      configurations: tuner.services,
    };
  }

  /** What signals and forecasts are read by. */
  get sources(): { readonly reader: GoldenSignalsReader; readonly clock: Clock; readonly costs: Costs } {
    return { reader: this.parts.reader, clock: this.given.clock, costs: this.given.configuration.costs };
  }

  /** Throws a usage error where it is not watched. */
  checkWatched(service: string): void {
    const { clock, configuration } = this.given;
    const names = namesOfServices(this, configuration.services, clock.now() - FORGOTTEN);
    if (names.includes(service) || this.parts.objectives.of(service).length > 0) return;
    const watched = names.length === 0 ? 'nothing is watched yet' : `watched are ${names.join(', ')}`;
    throw new HindcastError(
      'usage',
      `There is no service ${service}: ${watched}.`,
      '`hindcast ops status` shows what is watched.',
    );
  }

  limitsOf(service: string): readonly SignalLimit[] {
    return this.#settingsOf(service)?.limits ?? [];
  }

  /** As the service's configuration has them; none: the usual ones. */
  async stepsOfProposal(id: string): Promise<readonly RolloutStep[]> {
    const service = (await this.#proposal(id))?.service;
    return this.#settingsOf(service ?? '')?.managed?.steps ?? [];
  }

  /** Another value than the one that was proposed: a proposal of its own, rolled out at once. Refused, the first stays open. */
  async overrideProposal(id: string, value: string, by: string): Promise<RolloutState> {
    const proposal = await this.#proposal(id);
    if (proposal?.change.kind !== 'knob') throw new Error(`There is no proposal ${id} that has a value.`);
    const { service, change, state } = proposal;
    if (state !== 'open') throw new Error(`${id} is ${state} already.`);
    const own = { service, change: { ...change, value }, reason: `${by} wants ${value}.` };
    const rollout = await this.#rollOutAtOnce(own, { strategy: 'canary', by, ...this.#stepsOf(service) });
    this.parts.tuner.reject(id, by);
    return rollout;
  }

  /** Another build, other settings, or both. Throws where the service is not the daemon's to run. */
  async rollOut(service: string, body: Readonly<Record<string, unknown>>, by: string): Promise<RolloutState> {
    const managed = this.parts.managed.find(({ settings }) => settings.name === service);
    if (!managed) throw new Error(`${service} is not run by this daemon: its configuration has no command.`);
    const { services } = await this.parts.tuner.state();
    const current = services.find((each) => each.service === service)?.desired ?? managed.tuned.image;
    const { folder, build, settings, reason, strategy } = body;
    const image: ServiceImage = {
      build:
        typeof folder === 'string'
          ? managed.builds.add(service, folder, textOr(build))
          : (textOr(build) ?? current.build),
      configuration: { ...current.configuration, ...(settings as Readonly<Record<string, string>> | undefined) },
    };
    managed.builds.folder(service, image.build);
    const isBlueGreen = strategy === 'blue-green';
    return this.#rollOutAtOnce(
      { service, change: { kind: 'image', image }, reason: textOr(reason) ?? `${by} asked for it.` },
      { by, strategy: isBlueGreen ? 'blue-green' : 'canary', ...(isBlueGreen ? {} : this.#stepsOf(service)) },
    );
  }

  on(listener: (event: OperationsEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Stops to look, rolls back what runs, and stops the services that it started. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const turn of this.#turns) await turn[Symbol.asyncDispose]();
    await this.parts.tuner[Symbol.asyncDispose]();
    for (const { launcher, tuned } of this.parts.managed) {
      await Promise.all(launcher.all().map(({ id }) => launcher.stop(id)));
      launcher[Symbol.dispose]();
      await tuned.traffic[Symbol.asyncDispose]();
    }
    this.parts.sources[Symbol.dispose]();
    this.parts.processes[Symbol.dispose]();
    await this.parts.samples[Symbol.asyncDispose]();
    this.parts.database[Symbol.dispose]();
  }

  #heard(event: TunerEvent): void {
    this.parts.probabilities.heard(event);
    if (event.kind === 'rollout') {
      const { service, startedAt, finishedAt } = event.rollout;
      this.parts.book.acted(service);
      this.#rolledOut.set(service, {
        from: startedAt,
        to: finishedAt === undefined ? undefined : finishedAt + SETTLING,
      });
    }
    if (event.kind === 'promoted') this.parts.book.endOthers(`rollback/${event.rollout.service}/`, new Set());
    if (event.kind === 'rolled-back') void this.#rolledBack(event.rollout, event.reason);
    if (event.kind !== 'deviation') return;
    const subject = `configuration/${event.subject}`;
    this.parts.book.raise(subject, {
      kind: 'configuration',
      severity: 'ticket',
      service: event.subject.split('/')[0]!,
      instance: undefined,
      text: `${event.subject}: ${event.detail} ${event.restored ? 'It was restored.' : 'It was left as it is: a daemon that may act (`acts: true`) restores it.'}`,
      about: undefined,
    });
    if (event.restored) this.parts.book.end(subject);
  }

  /** A canary was rolled back: its recording shows why. */
  async #rolledBack(rollout: RolloutState, reason: string): Promise<void> {
    const subject = `rollback/${rollout.service}/${rollout.id}`;
    const alert = {
      kind: 'rollback',
      severity: 'page',
      service: rollout.service,
      instance: undefined,
      text: `The rollout ${rollout.id} of ${rollout.service} was rolled back. ${reason}`,
      about: rollout.id,
    } as const;
    this.parts.book.raise(subject, alert);
    this.#tell({ event: 'rolled-back', data: rollout });
    const recorded = this.parts.managed.flatMap(({ launcher }) =>
      launcher.recordedSince(rollout.service, rollout.startedAt),
    );
    const found = await Promise.all(recorded.map((each) => this.exemplars.look(each)));
    const exemplars = found.flat().filter(({ symptom }) => symptom === 'failed');
    this.parts.book.addExemplars(subject, exemplars);
  }

  #lookForDrift(): void {
    this.#drifts = this.parts.drift.look(this.given.clock.now()).filter((drift) => !this.#isSettling(drift));
    for (const { service, instance, state } of this.#drifts) {
      const recording = instance === undefined || state === 'ended' ? undefined : this.recordingOf(service, instance);
      if (recording !== undefined && this.exemplars.of(service, instance).length === 0) {
        this.exemplars.lookWhenIdle({ service, instance: instance!, recording });
      }
    }
    for (const drift of this.#drifts) this.#remember(drift);
    raiseDrifts(this.parts.book, this.#drifts, ({ service, instance }) => this.exemplars.of(service, instance));
  }

  /** With the recordings that show it, and what became of it. */
  #remember({ id, service, instance, state }: DriftFinding): void {
    if (this.#remembered.has(id)) return;
    const recordings = [...new Set(this.exemplars.of(service, instance).map(({ recording }) => recording))];
    if (state === 'open') {
      if (recordings.length > 0) this.parts.drift.describe(id, { recordings });
      return;
    }
    this.#remembered.add(id);
    const isThere = this.#reporting().some((each) => each.service === service && each.instance === instance);
    const outcome = instance === undefined || isThere ? 'it went away' : 'the instance was replaced';
    this.parts.drift.describe(id, { recordings, outcome });
  }

  /** While a canary runs its fleet is no fleet of equals, nor is an instance that has just begun. */
  #isSettling({ service, instance, since }: DriftFinding): boolean {
    const begun = this.#rolledOut.get(service);
    if (begun !== undefined && since >= begun.from && since <= (begun.to ?? Infinity)) return true;
    const launched = this.parts.managed.flatMap(({ launcher }) => launcher.all()).find(({ id }) => id === instance);
    return launched !== undefined && since - launched.startedAt < SETTLING;
  }

  /** Recorded instances that failed or were slow lately have requests that show it. */
  #lookForExemplars(): void {
    for (const { service, instance } of this.#reporting()) {
      const recording = this.recordingOf(service, instance);
      const { errorRatio = 0, latency } = this.#signals(service, instance);
      const isSlow = latency !== undefined && latency.p99 > SLOW_FACTOR * latency.p50;
      if (recording !== undefined && (errorRatio > 0 || isSlow))
        this.exemplars.lookWhenIdle({ service, instance, recording });
    }
  }

  /** The folder of an instance's recording. */
  recordingOf(service: string, instance: string): string | undefined {
    const launched = this.parts.managed.flatMap(({ launcher }) => launcher.all()).find(({ id }) => id === instance);
    return launched?.recording ?? this.parts.register.find(service, instance)?.recording;
  }

  /** Instances of this machine whose processes are measured. */
  #reporting(): readonly SampledInstance[] {
    const launched = this.parts.managed.flatMap(({ launcher, settings }) =>
      launcher.all().map(({ id, service, pid, image }) => ({
        service,
        instance: id,
        pid,
        version: image.build,
        environment: settings.environment,
      })),
    );
    const registered = this.parts.register.running().map(({ service, id, environment, image, pid }) => ({
      service,
      instance: id,
      environment,
      pid,
      version: image.build,
    }));
    return [...launched, ...registered];
  }

  /** What a person asks for is no recommendation that stays where it is refused. */
  async #rollOutAtOnce(request: ProposalRequest, how: ApplyRequest): Promise<RolloutState> {
    const { tuner } = this.parts;
    const { id } = tuner.recommend(request);
    try {
      return await tuner.apply(id, how);
    } catch (error) {
      tuner.reject(id, how.by);
      throw error;
    }
  }

  async #proposal(id: string): Promise<Proposal | undefined> {
    return (await this.parts.tuner.state()).proposals.find((proposal) => proposal.id === id);
  }

  #settingsOf(service: string): ServiceSettings | undefined {
    return this.given.configuration.services.find(({ name }) => name === service);
  }

  #stepsOf(service: string): { readonly steps?: readonly RolloutStep[] } {
    const steps = this.#settingsOf(service)?.managed?.steps ?? [];
    return steps.length > 0 ? { steps } : {};
  }

  #signals(service: string, instance?: string): GoldenSignals {
    const to = Math.floor(this.given.clock.now() / 10_000) * 10_000;
    return this.parts.reader.signals(service, instance, to - SLOW, to);
  }

  #tell(event: OperationsEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

export type OperationsEvent =
  | { readonly event: 'state'; readonly data: OperationsState }
  | { readonly event: 'alert'; readonly data: Alert }
  | { readonly event: 'rolled-back'; readonly data: RolloutState };

function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
