/** The knobs that a configuration names. */
import type { KnobDefinition } from '../model/knob.ts';
import { EnvironmentKnob } from '../tuning/knobs/environment.ts';
import type { Knob } from '../tuning/knobs/knob.ts';
import type { KnobSettings, ServiceSettings } from './configuration.ts';

/** Of a service that the daemon runs: others it cannot set. */
export function knobsOf({ name, managed, knobs }: ServiceSettings): readonly Knob[] {
  return managed ? knobs.map((knob) => new EnvironmentKnob(definitionOf(name, knob))) : [];
}

function definitionOf(
  service: string,
  { name, unit, bounds, allowed, changesSemantics, description }: KnobSettings,
): KnobDefinition & { readonly applied: 'restart' } {
  const id = `${service}/${name}`;
  return {
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
}
