/** The daemon's parts, made and tied together. */
import type { Reporting } from '../api/instance-environment.ts';
import { DriftWatch } from '../drift/drift-watch.ts';
import { SignatureStore } from '../drift/signature-store.ts';
import type { ServiceImage } from '../model/service.ts';
import type { SignalName } from '../model/signals.ts';
import type { Clock, Milliseconds } from '../model/time.ts';
import { GoldenSignalsReader } from '../signals/golden-signals.ts';
import { SampleStore } from '../store/sample-store.ts';
import { Database } from '../store/sqlite.ts';
import { defaultJudgeSettings } from '../tuning/judge/judge.ts';
import { Tuner } from '../tuning/tuner.ts';
import { AlertBook } from './alert-book.ts';
import type { OperationsConfiguration } from './configuration.ts';
import { ProbabilityStore } from '../predict/probability-store.ts';
import { gatesOf } from './gates.ts';
import { GivenProbabilities } from './given-probabilities.ts';
import { IncidentBook } from './incident-book.ts';
import { InstanceRegister } from './instance-register.ts';
import { knobsOf } from './knobs.ts';
import { manage, type Managed } from './managed-services.ts';
import { Objectives } from './objectives.ts';
import { observedMetric, readCatalogue } from './prediction-input.ts';
import { PredictionKeeper } from './prediction-keeper.ts';
import { Predictor } from './predictor.ts';
import { ProcessSampling } from './process-sampling.ts';
import { SilenceWatch } from './silence-watch.ts';
import { Sources } from './sources.ts';

export interface OperationsSettings {
  /** the daemon's own */
  readonly folder: string;
  readonly configuration: OperationsConfiguration;
  readonly clock: Clock;
  readonly reporting: Reporting;
  /** the `hindcast` command, with its arguments so far */
  readonly hindcast: readonly string[];
}

export interface OperationsParts {
  readonly database: Database;
  readonly samples: SampleStore;
  readonly reader: GoldenSignalsReader;
  readonly book: AlertBook;
  readonly objectives: Objectives;
  readonly register: InstanceRegister;
  readonly managed: readonly Managed[];
  readonly tuner: Tuner;
  readonly drift: DriftWatch;
  readonly signatures: SignatureStore;
  readonly keeper: PredictionKeeper;
  readonly probabilities: GivenProbabilities;
  readonly predictor: Predictor;
  readonly incidents: IncidentBook;
  readonly processes: ProcessSampling;
  readonly sources: Sources;
  readonly silence: SilenceWatch;
}

/** between two looks at signals */
export const SIGNALS: Milliseconds = 2000;

/** Opens what is kept, and starts what has to run. Throws where a part cannot be had. */
export async function openParts(given: OperationsSettings): Promise<OperationsParts> {
  const { folder, configuration, clock } = given;
  const database = new Database(`${folder}/operations.db`);
  const samples = await SampleStore.open({ folder: `${folder}/samples`, clock, retention: configuration.keep });
  const reader = new GoldenSignalsReader(samples);
  const book = new AlertBook(database, clock);
  const objectives = new Objectives(configuration.objectives, reader, book, clock);
  const register = new InstanceRegister(database, clock);
  const managed: Managed[] = [];
  for (const settings of configuration.services) {
    const { managed: own } = settings;
    if (own) managed.push(await manage({ ...settings, managed: own }, { ...given, database }));
  }
  const tuner = new Tuner({
    database,
    services: managed.map(({ tuned }) => tuned),
    knobs: (await Promise.all(configuration.services.map(knobsOf))).flat(),
    clock,
    judge: { ...defaultJudgeSettings, ...configuration.judge },
    gates: gatesOf(managed, objectives, given.hindcast),
  });
  const signatures = new SignatureStore(database);
  const drift = new DriftWatch({
    store: samples,
    database,
    signatures,
    settings: {
      clock,
      alarmsPerWeek: configuration.alarmsPerWeek,
      limitsOf: (service) => limitsIn(service, configuration),
    },
  });
  const keeper = new PredictionKeeper(database);
  const probabilities = new GivenProbabilities({
    store: new ProbabilityStore(database),
    keeper,
    clock,
    observed: ({ service, metric, ...range }) => {
      const settings = configuration.services.find(({ name }) => name === service);
      return settings ? observedMetric({ reader, settings }, metric, range) : [];
    },
  });
  const imagesOf = (service: string): ReadonlyMap<string, ServiceImage> => imagesIn(service, managed, register);
  const predictor = new Predictor({
    reader,
    clock,
    tuner,
    keeper,
    probabilities,
    book,
    imagesOf,
    catalogue: readCatalogue(configuration.catalogue),
    costs: configuration.costs,
    acts: configuration.acts,
  });
  const incidents = new IncidentBook(database, clock);
  const processes = new ProcessSampling(samples, clock);
  const sources = new Sources(configuration, samples, clock);
  const silence = new SilenceWatch({ samples, book, clock, register, managed, sources }, SIGNALS);
  return {
    database,
    samples,
    reader,
    book,
    objectives,
    register,
    managed,
    tuner,
    drift,
    signatures,
    keeper,
    probabilities,
    predictor,
    incidents,
    processes,
    sources,
    silence,
  };
}

function limitsIn(service: string, { services }: OperationsConfiguration): ReadonlyMap<SignalName, number> {
  const limits = services.find(({ name }) => name === service)?.limits ?? [];
  return new Map(limits.map(({ signal, atMost }) => [signal, atMost]));
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
