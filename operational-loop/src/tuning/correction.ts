/**
 * Desired against observed configuration: instances that are missing, that run something else or that nobody asked for, weights
 * and settings that someone changed. What a rollout is changing at the moment is no deviation.
 */
import type { KnobState, RolloutState } from '../model/rollout.ts';
import type { KnobValue } from '../model/knob.ts';
import type { Clock } from '../model/time.ts';
import type { Knob, LiveKnob } from './knobs/knob.ts';
import { isLive } from './knobs/knob.ts';
import type { TunedService, Workbench } from './rollout/service.ts';
import { converge, desiredOf, generationOf } from './rollout/service.ts';

export interface CorrectionParts {
  readonly bench: Workbench;
  readonly services: readonly TunedService[];
  readonly knobs: readonly LiveKnob[];
  readonly restores: boolean;
  readonly clock: Clock;
  /** whether a rollout of the service runs */
  readonly busy: (service: string) => boolean;
  readonly deviates: (subject: string, detail: string, restored: boolean) => void;
}

const BY = 'correction';

export class Correction {
  readonly #parts: CorrectionParts;

  constructor(parts: CorrectionParts) {
    this.#parts = parts;
  }

  /**
   * Ends what a daemon left half done, service by service and knob by knob. What cannot be reached now is told of, and tried
   * again with each `correct`.
   */
  async recover(): Promise<void> {
    const { bench, services, knobs } = this.#parts;
    bench.journal.closeInterrupted();
    const prefix = `recovery-${bench.store.next('recovery')}`;
    for (const rollout of bench.store.unfinished()) bench.store.saveRollout(goesBack(rollout));
    for (const service of services) {
      const undertaking = { prefix: `${prefix}/${service.name}`, by: 'recovery' };
      await this.#orTell(service.name, () => converge(bench, service, undertaking));
    }
    for (const knob of knobs) {
      const { id } = knob.definition;
      await this.#orTell(id, () => this.#restoreKnob(knob, `${prefix}/${id}`, 'recovery'));
    }
    for (const rollout of bench.store.unfinished()) await this.#finish(rollout, prefix);
  }

  /** One look at everything; restores it, or only tells. */
  async correct(): Promise<void> {
    const { bench, services, knobs, busy } = this.#parts;
    for (const rollout of bench.store.unfinished()) {
      if (!busy(rollout.service)) await this.#finish(rollout, `recovery-${bench.store.next('recovery')}`);
    }
    for (const service of services) {
      if (!busy(service.name)) await this.#orTell(service.name, () => this.#correctService(service));
    }
    for (const knob of knobs) {
      const { id, service } = knob.definition;
      if (!busy(service)) await this.#orTell(id, () => this.#correctKnob(knob));
    }
  }

  /** A person's choice: set, and from now on what it shall be. */
  async set(knob: LiveKnob, value: KnobValue, by: string): Promise<void> {
    const { store, journal } = this.#parts.bench;
    const { id } = knob.definition;
    const key = `override-${store.next('override')}`;
    await journal.act({ key, action: 'override', detail: { knob: id, value }, by }, () => knob.apply(value));
    store.setDesiredKnob(id, value);
  }

  /** A target that cannot be asked has no observed value. */
  async stateOf(knob: Knob): Promise<KnobState> {
    const { store } = this.#parts.bench;
    const { definition } = knob;
    const desired = isLive(knob) ? store.desiredKnob(definition.id) : this.#desiredAtStart(knob);
    const observed = isLive(knob) ? await knob.read().catch(() => undefined) : desired;
    const pinnedBy = store.pinnedBy(definition.id);
    return {
      definition,
      ...(desired === undefined ? {} : { desired }),
      ...(observed === undefined ? {} : { observed }),
      ...(pinnedBy === undefined ? {} : { pinnedBy }),
    };
  }

  #desiredAtStart(knob: Exclude<Knob, LiveKnob>): KnobValue | undefined {
    const service = this.#parts.services.find(({ name }) => name === knob.definition.service);
    return service && knob.valueIn(desiredOf(this.#parts.bench.store, service).image.configuration);
  }

  async #correctService(service: TunedService): Promise<void> {
    const detail = await this.#deviationOf(service);
    if (detail === undefined) return;
    const { bench, restores, deviates } = this.#parts;
    const undertaking = { prefix: `correction-${bench.store.next('correction')}`, by: BY };
    if (restores) await converge(bench, service, undertaking);
    deviates(service.name, detail, restores);
  }

  async #deviationOf(service: TunedService): Promise<string | undefined> {
    const { slot, generation } = desiredOf(this.#parts.bench.store, service);
    const running = await service.launcher.running(service.name);
    const good = running.filter((instance) => generationOf(instance) === generation).length;
    if (good !== service.replicas) return `${good} of ${service.replicas} instances of its last good image run.`;
    if (running.length !== good) return `${running.length - good} instances run that should not.`;
    const weight = (await service.traffic.weights())[slot] ?? 0;
    return weight === 100 ? undefined : `Its last good image gets ${weight} percent of the requests instead of all.`;
  }

  async #correctKnob(knob: LiveKnob): Promise<void> {
    const { bench, restores, deviates } = this.#parts;
    const desired = bench.store.desiredKnob(knob.definition.id);
    if (desired === undefined) return;
    const found = await knob.read();
    if (found === desired) return;
    if (restores) await this.#restoreKnob(knob, `correction-${bench.store.next('correction')}`, BY);
    deviates(knob.definition.id, `It is ${found} and should be ${desired}.`, restores);
  }

  async #restoreKnob(knob: LiveKnob, prefix: string, by: string): Promise<void> {
    const { store, journal } = this.#parts.bench;
    const { id } = knob.definition;
    const desired = store.desiredKnob(id);
    if (desired === undefined || (await knob.read()) === desired) return;
    await journal.act({ key: `${prefix}/set`, action: 'set', detail: { knob: id, value: desired }, by }, () =>
      knob.apply(desired),
    );
  }

  /** Back to where a rollout came from, and then it is finished; not before. */
  async #finish(rollout: RolloutState, prefix: string): Promise<void> {
    const { bench, services, knobs, clock } = this.#parts;
    const { id, change } = rollout;
    const service = services.find(({ name }) => name === rollout.service);
    const knob = change.kind === 'knob' ? knobs.find((one) => one.definition.id === change.knob) : undefined;
    const restored = await this.#orTell(id, async () => {
      if (knob) await this.#restoreKnob(knob, `${prefix}/${id}`, 'recovery');
      else if (service) await this.#orConverge(service, `${prefix}/${id}`);
    });
    if (!restored) return;
    const intent = {
      key: `${id}/recovered`,
      action: 'roll back',
      detail: { recovery: prefix },
      rollout: id,
      by: 'recovery',
    };
    const finished = { ...rollout, status: 'rolled-back', weight: 0, finishedAt: clock.now() } as const;
    bench.journal.decide(intent, () => bench.store.saveRollout(finished));
  }

  async #orConverge(service: TunedService, prefix: string): Promise<void> {
    if ((await this.#deviationOf(service)) === undefined) return;
    await converge(this.#parts.bench, service, { prefix, by: 'recovery' });
  }

  /** False where it could not be done. */
  async #orTell(subject: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#parts.deviates(subject, error instanceof Error ? error.message : String(error), false);
      return false;
    }
  }
}

function goesBack(rollout: RolloutState): RolloutState {
  const reason =
    rollout.status === 'rolling-back'
      ? (rollout.reason ?? 'It was being rolled back when the daemon ended.')
      : `The daemon ended while it was ${rollout.status}.`;
  return { ...rollout, status: 'rolling-back', reason };
}
