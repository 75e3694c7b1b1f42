/** The knobs that a configuration names. */
import type { KnobDefinition } from '../model/knob.ts';
import { CgroupKnob } from '../tuning/knobs/cgroup.ts';
import { EnvironmentKnob, HeapKnob, threadPoolKnob } from '../tuning/knobs/environment.ts';
import type { Knob } from '../tuning/knobs/knob.ts';
import { PostgresqlKnob } from '../tuning/knobs/postgresql.ts';
import { RedisKnob } from '../tuning/knobs/redis.ts';
import type { KnobSettings, ServiceSettings } from './configuration.ts';

/** Of a service that the daemon runs: others it cannot judge. Throws where what a knob belongs to cannot be reached. */
export async function knobsOf({ name, managed, knobs }: ServiceSettings): Promise<readonly Knob[]> {
  return managed ? Promise.all(knobs.map((knob) => knobOf(name, knob))) : [];
}

async function knobOf(service: string, knob: KnobSettings): Promise<Knob> {
  const { name, unit, bounds, allowed, changesSemantics, description, reach } = knob;
  const range = bounds.kind === 'range' ? bounds : { least: 0, most: Infinity };
  switch (reach.kind) {
    case 'environment': {
      const id = `${service}/${name}`;
      const definition: KnobDefinition & { readonly applied: 'restart' } = {
        id,
        service,
        name,
        unit,
        bounds,
        allowed,
        changesSemantics,
        description,
        target: 'node',
        applied: 'restart',
      };
      return new EnvironmentKnob(definition);
    }
    case 'heap':
      return new HeapKnob(service, range, allowed);
    case 'threads':
      return threadPoolKnob(service, range, allowed);
    case 'postgresql':
      return PostgresqlKnob.open({ service, connection: reach.at, name, allowed, bounds: range });
    case 'redis':
      return RedisKnob.open({ service, connection: reach.at, name, bounds, unit, allowed, description });
    case 'cgroup':
      return CgroupKnob.open({
        service,
        folder: reach.at,
        limit: name === 'cpu' ? 'cpu' : 'memory',
        bounds: range,
        allowed,
      });
  }
}
