/** The knobs that a configuration names. */
import { HindcastError } from '../../../trace-runtime/src/base/errors.ts';
import type { KnobDefinition } from '../model/knob.ts';
import { CgroupKnob } from '../tuning/knobs/cgroup.ts';
import { EnvironmentKnob, HeapKnob, threadPoolKnob } from '../tuning/knobs/environment.ts';
import type { Knob } from '../tuning/knobs/knob.ts';
import { PostgresqlKnob } from '../tuning/knobs/postgresql.ts';
import { RedisKnob } from '../tuning/knobs/redis.ts';
import type { KnobSettings, ServiceSettings } from './configuration.ts';

/** Of a service that the daemon runs: others it cannot judge. Throws where what a knob belongs to cannot be reached. */
export async function knobsOf({ name, managed, knobs }: ServiceSettings): Promise<readonly Knob[]> {
  return managed ? Promise.all(knobs.map((knob) => reached(`${name}/${knob.name}`, () => knobOf(name, knob)))) : [];
}

/** What is said names no address: it may hold a password. */
async function reached(id: string, open: () => Promise<Knob>): Promise<Knob> {
  try {
    return await open();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/\.?$/, '.') : `${cause}.`;
    const sentence = `The knob ${id} cannot be used: ${reason}`;
    const remedy = 'Start what it belongs to, or take the knob out of the configuration.';
    throw new HindcastError('input-output', sentence, remedy, { cause });
  }
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
