/** The daemon's parts, tied together, and the turns in which they look at what runs. */
import type { Alert, OperationsState, ProposalState } from '../api/messages.ts';
import { API_VERSION } from '../api/messages.ts';
import { DriftWatch } from '../drift/drift-watch.ts';
import { SignatureStore } from '../drift/signature-store.ts';
import type { DriftFinding } from '../model/drift.ts';
import type { Proposal, RolloutState, RolloutStep, TunerEvent } from '../model/rollout.ts';
import type { ServiceImage } from '../model/service.ts';
import type { Clock, Milliseconds, UnixMs } from '../model/time.ts';
import { GoldenSignalsReader } from '../signals/golden-signals.ts';
import { Database } from '../store/sqlite.ts';
import { SampleStore } from '../store/sample-store.ts';
import { Tuner } from '../tuning/tuner.ts';
import { AlertBook } from './alert-book.ts';
import type { OperationsConfiguration, ServiceSettings, SignalLimit } from './configuration.ts';
import { driftState, raiseDrifts } from './drift-alerts.ts';
import { gatesOf } from './gates.ts';
import { IncidentBook } from './incident-book.ts';
import { InstanceRegister } from './instance-register.ts';
import { knobsOf } from './knobs.ts';
import { manage, type Managed } from './managed-services.ts';
import { Objectives } from './objectives.ts';
import { readCatalogue } from './prediction-input.ts';
import { PredictionKeeper } from './prediction-keeper.ts';
import { Predictor } from './predictor.ts';
import { ProcessSampling } from './process-sampling.ts';
import { RecordedExemplars } from './recorded-exemplars.ts';
import { stateOfServices } from './service-states.ts';
import { Thresholds } from './thresholds.ts';
import { Turn } from './turn.ts';
import type { Reporting } from '../api/instance-environment.ts';

export interface OperationsParts {
  /** the daemon's own */
  readonly folder: string;
  readonly configuration: OperationsConfiguration;
  readonly clock: Clock;
  readonly reporting: Reporting;
  /** the `hindcast` command, with its arguments so far */
  readonly hindcast: readonly string[];
}

/** Lengths of turns. */
const SIGNALS: Milliseconds = 2000;
const DRIFT: Milliseconds = 5000;
const SLOW: Milliseconds = 30_000;
/** How long a service and an instance that tell nothing more are still shown. */
const FORGOTTEN: Milliseconds = 120_000;

export class Operations implements AsyncDisposable {
  readonly startedAt: UnixMs;
  readonly exemplars: RecordedExemplars;
  readonly #turns: Turn[] = [];
  readonly #listeners = new Set<(event: OperationsEvent) => void>();
  #drifts: readonly DriftFinding[] = [];

  private constructor(
    private readonly parts: OperationsParts,
    readonly database: Database,
    readonly samples: SampleStore,
    readonly reader: GoldenSignalsReader,
    readonly book: AlertBook,
    readonly objectives: Objectives,
    readonly managed: readonly Managed[],
    readonly tuner: Tuner,
    readonly register: InstanceRegister,
    readonly drift: DriftWatch,
    readonly signatures: SignatureStore,
    readonly keeper: PredictionKeeper,
    readonly predictor: Predictor,
    readonly incidents: IncidentBook,
    readonly processes: ProcessSampling,
  ) {
    this.startedAt = parts.clock.now();
    this.exemplars = new RecordedExemplars({ command: parts.hindcast, clock: parts.clock });
  }

  /** Opens what is kept, and starts what has to run. Throws where a part cannot be had. */
  static async open(parts: OperationsParts): Promise<Operations> {
    const { folder, configuration, clock } = parts;
    const database = new Database(`${folder}/operations.db`);
    const samples = await SampleStore.open({ folder: `${folder}/samples`, clock, retention: configuration.keep });
    const reader = new GoldenSignalsReader(samples);
    const book = new AlertBook(database, clock);
    const objectives = new Objectives(configuration.objectives, reader, book, clock);
    const register = new InstanceRegister(database, clock);
    const managed: Managed[] = [];
    for (const settings of configuration.services) {
      const { managed: own } = settings;
      if (own) managed.push(await manage({ ...settings, managed: own }, { ...parts, database }));
    }
    const tuner = new Tuner({
      database,
      services: managed.map(({ tuned }) => tuned),
      knobs: configuration.services.flatMap(knobsOf),
      clock,
      gates: gatesOf(managed, objectives, parts.hindcast),
    });
    const signatures = new SignatureStore(database);
    const drift = new DriftWatch({
      store: samples,
      database,
      settings: { clock, alarmsPerWeek: configuration.alarmsPerWeek },
    });
    const keeper = new PredictionKeeper(database);
    const imagesOf = (service: string): ReadonlyMap<string, ServiceImage> => imagesIn(service, managed, register);
    const predictor = new Predictor({
      ...{ reader, clock, tuner, keeper, book, imagesOf },
      catalogue: readCatalogue(configuration.catalogue),
      costs: configuration.costs,
      acts: configuration.acts,
    });
    const incidents = new IncidentBook(database, clock);
    const processes = new ProcessSampling(samples, clock);
    const operations = new Operations(
      parts,
      ...([database, samples, reader, book, objectives, managed, tuner, register] as const),
      ...([drift, signatures, keeper, predictor, incidents, processes] as const),
    );
    operations.#connect();
    return operations;
  }

  /** Brings what runs to its last good configuration, and begins to look. */
  async start(): Promise<void> {
    await this.tuner.recover();
    const { configuration, clock } = this.parts;
    const thresholds = new Thresholds(this.book, clock);
    this.#turns.push(
      new Turn(SIGNALS, async () => {
        this.register.look();
        this.processes.look(this.#reporting());
        for (const { name, limits } of configuration.services) {
          if (limits.length > 0) thresholds.look(this.#signals(name), limits);
        }
        this.#tell({ event: 'state', data: await this.state() });
      }),
      new Turn(DRIFT, async () => this.#lookForDrift()),
      new Turn(configuration.predictEvery * 1000, () => this.predictor.look(configuration.services)),
      new Turn(SLOW, async () => {
        this.objectives.look();
        await this.tuner.correct();
      }),
    );
  }

  async state(): Promise<OperationsState> {
    const { clock, configuration } = this.parts;
    const tuner = await this.tuner.state();
    const time = clock.now();
    return {
      version: API_VERSION,
      time,
      daemon: { pid: process.pid, startedAt: this.startedAt, acts: configuration.acts },
      services: stateOfServices(this, configuration.services, {
        now: time,
        forgotten: FORGOTTEN,
        drifts: this.#drifts,
      }),
      drifts: this.#drifts.map((drift) => driftState(drift, this.exemplars.of(drift.service, drift.instance))),
      alerts: this.book.list(),
      proposals: tuner.proposals.map((proposal): ProposalState => {
        const { input: _, steps } = this.keeper.ofProposal(proposal.id) ?? { input: undefined, steps: undefined };
        const recommendation = steps?.choice.recommendations.find(({ proposal: of }) => of.id === steps.choice.chosen);
        return { ...proposal, recommendation, effects: recommendation?.effects ?? [] };
      }),
      advice: this.predictor.advice,
      rollouts: tuner.rollouts,
      knobs: tuner.knobs,
      configurations: tuner.services,
    };
  }

  /** What signals and forecasts are read by. */
  get sources(): { readonly reader: GoldenSignalsReader; readonly clock: Clock } {
    return { reader: this.reader, clock: this.parts.clock };
  }

  limitsOf(service: string): readonly SignalLimit[] {
    return this.#settingsOf(service)?.limits ?? [];
  }

  /** As the service's configuration has them; none: the usual ones. */
  async stepsOfProposal(id: string): Promise<readonly RolloutStep[]> {
    const service = (await this.#proposal(id))?.service;
    return this.#settingsOf(service ?? '')?.managed?.steps ?? [];
  }

  /** Another value than the one that was proposed: a proposal of its own, rolled out at once. */
  async overrideProposal(id: string, value: string, by: string): Promise<RolloutState> {
    const proposal = await this.#proposal(id);
    if (proposal?.change.kind !== 'knob') throw new Error(`There is no proposal ${id} that has a value.`);
    const { service, change } = proposal;
    this.tuner.reject(id, by);
    const own = this.tuner.recommend({ service, change: { ...change, value }, reason: `${by} wants ${value}.` });
    return this.tuner.apply(own.id, { strategy: 'canary', by, ...this.#stepsOf(service) });
  }

  /** Another build, other settings, or both. Throws where the service is not the daemon's to run. */
  async rollOut(service: string, body: Readonly<Record<string, unknown>>, by: string): Promise<RolloutState> {
    const managed = this.managed.find(({ settings }) => settings.name === service);
    if (!managed) throw new Error(`${service} is not run by this daemon: its configuration has no command.`);
    const { services } = await this.tuner.state();
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
    const { id } = this.tuner.recommend({
      service,
      change: { kind: 'image', image },
      reason: textOr(reason) ?? `${by} asked for it.`,
    });
    const isBlueGreen = strategy === 'blue-green';
    return this.tuner.apply(id, {
      by,
      strategy: isBlueGreen ? 'blue-green' : 'canary',
      ...(isBlueGreen ? {} : this.#stepsOf(service)),
    });
  }

  on(listener: (event: OperationsEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Stops to look, rolls back what runs, and stops the services that it started. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const turn of this.#turns) await turn[Symbol.asyncDispose]();
    await this.tuner[Symbol.asyncDispose]();
    for (const { launcher, tuned } of this.managed) {
      await Promise.all(launcher.all().map(({ id }) => launcher.stop(id)));
      launcher[Symbol.dispose]();
      await tuned.traffic[Symbol.asyncDispose]();
    }
    await this.samples[Symbol.asyncDispose]();
    this.database[Symbol.dispose]();
  }

  #connect(): void {
    this.book.onOpen((alert) => this.#tell({ event: 'alert', data: alert }));
    this.book.onOpen((alert) => this.incidents.note(alert));
    this.tuner.on((event) => void this.#heard(event));
  }

  #heard(event: TunerEvent): void {
    if (event.kind === 'rolled-back') void this.#rolledBack(event.rollout, event.reason);
    if (event.kind !== 'deviation') return;
    const subject = `configuration/${event.subject}`;
    this.book.raise(subject, {
      kind: 'configuration',
      severity: 'ticket',
      service: event.subject.split('/')[0]!,
      instance: undefined,
      text: `${event.detail} ${event.restored ? 'It was restored.' : 'It was left as it is.'}`,
      about: undefined,
    });
    if (event.restored) this.book.end(subject);
  }

  /** A canary was rolled back: its recording shows why. */
  async #rolledBack(rollout: RolloutState, reason: string): Promise<void> {
    const subject = `rollback/${rollout.id}`;
    const alert = {
      kind: 'rollback',
      severity: 'page',
      service: rollout.service,
      instance: undefined,
      text: `The rollout ${rollout.id} of ${rollout.service} was rolled back. ${reason}`,
      about: rollout.id,
    } as const;
    this.book.raise(subject, alert);
    this.#tell({ event: 'rolled-back', data: rollout });
    const recorded = this.managed.flatMap(({ launcher }) => launcher.recordedSince(rollout.service, rollout.startedAt));
    const found = await Promise.all(recorded.map((each) => this.exemplars.look(each)));
    const exemplars = found.flat().filter(({ symptom }) => symptom === 'failed');
    this.book.addExemplars(subject, exemplars);
    this.book.end(subject);
  }

  #lookForDrift(): void {
    this.#drifts = this.drift.look(this.parts.clock.now());
    for (const { service, instance, state } of this.#drifts) {
      const recording = instance === undefined || state === 'ended' ? undefined : this.recordingOf(service, instance);
      if (recording !== undefined && this.exemplars.of(service, instance).length === 0) {
        void this.exemplars.look({ service, instance: instance!, recording });
      }
    }
    raiseDrifts(this.book, this.#drifts, ({ service, instance }) => this.exemplars.of(service, instance));
  }

  /** The folder of an instance's recording. */
  recordingOf(service: string, instance: string): string | undefined {
    const launched = this.managed.flatMap(({ launcher }) => launcher.all()).find(({ id }) => id === instance);
    return launched?.recording ?? this.register.find(service, instance)?.recording;
  }

  /** Instances of this machine whose processes are measured. */
  #reporting(): readonly {
    readonly service: string;
    readonly instance: string;
    readonly environment: string;
    readonly version: string;
    readonly pid: number;
  }[] {
    const launched = this.managed.flatMap(({ launcher, settings }) =>
      launcher.all().map(({ id, service, pid, image }) => ({
        ...{ service, instance: id, pid, version: image.build },
        environment: settings.environment,
      })),
    );
    const registered = this.register.running().map(({ service, id, environment, image, pid }) => ({
      service,
      instance: id,
      environment,
      pid,
      version: image.build,
    }));
    return [...launched, ...registered];
  }

  async #proposal(id: string): Promise<Proposal | undefined> {
    return (await this.tuner.state()).proposals.find((proposal) => proposal.id === id);
  }

  #settingsOf(service: string): ServiceSettings | undefined {
    return this.parts.configuration.services.find(({ name }) => name === service);
  }

  #stepsOf(service: string): { readonly steps?: readonly RolloutStep[] } {
    const steps = this.#settingsOf(service)?.managed?.steps ?? [];
    return steps.length > 0 ? { steps } : {};
  }

  #signals(service: string) {
    const to = Math.floor(this.parts.clock.now() / 10_000) * 10_000;
    return this.reader.signals(service, undefined, to - 30_000, to);
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

function imagesIn(
  service: string,
  managed: readonly Managed[],
  register: InstanceRegister,
): ReadonlyMap<string, ServiceImage> {
  const launched = managed.flatMap(({ launcher }) => launcher.all()).filter((each) => each.service === service);
  const registered = register.running().filter((each) => each.service === service);
  return new Map([...registered, ...launched].map(({ id, image }) => [id, image]));
}
