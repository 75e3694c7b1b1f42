/** Services and instances as clients show them. */
import type { InstanceState, ServiceState } from '../api/messages.ts';
import type { DriftFinding } from '../model/drift.ts';
import type { Milliseconds, UnixMs } from '../model/time.ts';
import type { ServiceSettings } from './configuration.ts';
import type { Operations } from './operations.ts';

interface Shown {
  readonly now: UnixMs;
  readonly forgotten: Milliseconds;
  readonly drifts: readonly DriftFinding[];
}

const WINDOW: Milliseconds = 60_000;
const STEP: Milliseconds = 10_000;

/** Of those that the configuration names, that run, or that were measured since then. */
export function namesOfServices(
  { parts: { reader, register, managed } }: Operations,
  settings: readonly ServiceSettings[],
  since: UnixMs,
): readonly string[] {
  const known = [...managed.flatMap(({ launcher }) => launcher.all()), ...register.running()];
  const names = [settings.map(({ name }) => name), known.map(({ service }) => service), reader.services(since)];
  return [...new Set(names.flat())].toSorted();
}

export function stateOfServices(
  operations: Operations,
  settings: readonly ServiceSettings[],
  { now, forgotten, drifts }: Shown,
): readonly ServiceState[] {
  const { reader, objectives, register, managed, sources } = operations.parts;
  const to = Math.floor(now / STEP) * STEP;
  const from = to - WINDOW;
  const known = [...managed.flatMap(({ launcher }) => launcher.all()), ...register.running()];
  return namesOfServices(operations, settings, now - forgotten).map((name): ServiceState => {
    const own = known.filter(({ service }) => service === name);
    const heard = reader.instances(name, now - forgotten / 2);
    // of those that the daemon runs itself it knows which have ended
    const isManaged = managed.some(({ settings: of }) => of.name === name);
    const ids = new Set([...own.map(({ id }) => id), ...(isManaged ? [] : heard)]);
    const setting = settings.find((each) => each.name === name);
    return {
      name,
      environment: setting?.environment ?? environmentOf(operations, name),
      address: managed.find(({ settings: of }) => of.name === name)?.address,
      signals: reader.signals(name, undefined, from, to),
      instances: [...ids].toSorted(byNumbers).map((id): InstanceState => {
        const instance = own.find((each) => each.id === id);
        return {
          id,
          startedAt: instance?.startedAt,
          image: instance?.image,
          pid: instance?.pid,
          address: instance && 'address' in instance ? instance.address : undefined,
          signals: reader.signals(name, id, from, to),
          drift: drifts.find((drift) => drift.state === 'open' && drift.service === name && drift.instance === id)?.id,
          recording: operations.recordingOf(name, id),
        };
      }),
      objectives: objectives.of(name),
      exemplars: operations.exemplars.ofService(name),
      problems: [
        ...(heard.length === 0 ? [`Nothing was measured of ${name} in the last ${forgotten / 2000} seconds.`] : []),
        ...sources.problems(name),
        ...objectives.problems,
      ],
    };
  });
}

function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** As its samples say. */
function environmentOf({ parts: { samples, register } }: Operations, service: string): string {
  const registered = register.running().find((each) => each.service === service)?.environment;
  return (
    registered ??
    samples.series({ labels: { service } }).find(({ labels }) => labels['environment'])?.labels['environment'] ??
    ''
  );
}
