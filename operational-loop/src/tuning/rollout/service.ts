/** One service as the tuner deals with it, and how it is brought to its last good configuration. */
import type { ServiceConfiguration } from '../../model/rollout.ts';
import type { ServiceImage } from '../../model/service.ts';
import type { Journal } from '../journal.ts';
import type { Launcher, RunningInstance } from '../launch/launcher.ts';
import type { DesiredService, TuningStore } from '../store.ts';
import type { TrafficPort } from '../traffic/port.ts';

export interface TunedService {
  readonly name: string;
  readonly traffic: TrafficPort;
  readonly launcher: Launcher;
  /** how many instances it has */
  readonly replicas: number;
  /** what it runs as long as nothing was ever promoted */
  readonly image: ServiceImage;
}

/** What the steps of rollouts work with. */
export interface Workbench {
  readonly store: TuningStore;
  readonly journal: Journal;
}

/** Tells the actions of one undertaking from those of others. */
export interface Undertaking {
  readonly prefix: string;
  readonly by: string;
  readonly rollout?: string;
}

export function desiredOf(store: TuningStore, service: TunedService): DesiredService {
  const known = store.desired(service.name);
  if (known) return known;
  const first = {
    slot: service.traffic.slots[0],
    image: service.image,
    generation: store.next(`generation of ${service.name}`),
  };
  store.setDesired(service.name, first);
  return first;
}

export const otherSlot = ({ traffic }: TunedService, slot: string): string =>
  traffic.slots[0] === slot ? traffic.slots[1] : traffic.slots[0];

export const generationOf = (instance: RunningInstance | string): number =>
  Number((typeof instance === 'string' ? instance : instance.id).split('.').at(-2));

/** Those of one generation, in the order in which they were started. */
export async function instancesOf(service: TunedService, generation: number): Promise<readonly RunningInstance[]> {
  const running = await service.launcher.running(service.name);
  const serial = ({ id }: RunningInstance): number => Number(id.split('.').at(-1));
  return running
    .filter((instance) => generationOf(instance) === generation)
    .sort((left, right) => serial(left) - serial(right));
}

/** Starts what is missing of `count` instances of one generation, and places them in a slot. */
export async function provide(
  { store, journal }: Workbench,
  service: TunedService,
  { slot, image, generation }: DesiredService,
  count: number,
  { prefix, ...about }: Undertaking,
): Promise<void> {
  const found = await instancesOf(service, generation);
  for (let missing = count - found.length; missing > 0; missing--) {
    const id = `${service.name}.${generation}.${store.next(`instance of ${service.name}`)}`;
    const intent = { key: `${prefix}/start/${id}`, action: 'start', detail: { id, image }, ...about };
    await journal.act(intent, async () => {
      const { address } = await service.launcher.start({ id, service: service.name, image });
      return `It takes requests at ${address}.`;
    });
  }
  const addresses = (await instancesOf(service, generation)).map(({ address }) => address);
  const key = `${prefix}/place/${slot}/${addresses.join(',')}`;
  await journal.act({ key, action: 'place', detail: { slot, addresses }, ...about }, () =>
    service.traffic.place(slot, addresses),
  );
}

export async function shift(
  { journal }: Workbench,
  service: TunedService,
  weights: Readonly<Record<string, number>>,
  { prefix, ...about }: Undertaking,
): Promise<void> {
  const key = `${prefix}/weights/${JSON.stringify(weights)}`;
  await journal.act({ key, action: 'set weights', detail: { ...weights }, ...about }, () =>
    service.traffic.setWeights(weights),
  );
}

/** Ends every instance of the service that is not of this generation. */
export async function stopOthers(
  { journal }: Workbench,
  service: TunedService,
  generation: number,
  { prefix, ...about }: Undertaking,
): Promise<void> {
  const running = await service.launcher.running(service.name);
  for (const { id } of running.filter((instance) => generationOf(instance) !== generation)) {
    await journal.act({ key: `${prefix}/stop/${id}`, action: 'stop', detail: { id }, ...about }, () =>
      service.launcher.stop(id),
    );
  }
}

/**
 * Brings a service to its last good configuration, from wherever it is: its instances run, they have all the traffic, and
 * no others run. First the traffic, as soon as one instance can take it.
 */
export async function converge(bench: Workbench, service: TunedService, undertaking: Undertaking): Promise<void> {
  const desired = desiredOf(bench.store, service);
  const left = (await instancesOf(service, desired.generation)).length;
  if (left > 0 && left < service.replicas) {
    await provide(bench, service, desired, left, undertaking);
    await shift(bench, service, { [desired.slot]: 100 }, { ...undertaking, prefix: `${undertaking.prefix}/at once` });
  }
  await provide(bench, service, desired, service.replicas, undertaking);
  await shift(bench, service, { [desired.slot]: 100 }, undertaking);
  await stopOthers(bench, service, desired.generation, undertaking);
}

export async function observed(store: TuningStore, service: TunedService): Promise<ServiceConfiguration> {
  const { slot, image, generation } = desiredOf(store, service);
  const running = await service.launcher.running(service.name);
  const other = otherSlot(service, slot);
  return {
    service: service.name,
    slot,
    desired: image,
    observed: running.map((instance) => ({
      instance: instance.id,
      slot: generationOf(instance) === generation ? slot : other,
      image: instance.image,
    })),
    weights: await service.traffic.weights(),
  };
}
