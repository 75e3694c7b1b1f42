/** A setting with the way to it. */
import type { KnobDefinition, KnobValue } from '../../model/knob.ts';

/** Set while the target runs. */
export interface LiveKnob {
  readonly definition: KnobDefinition & { readonly applied: 'live' };
  /** What holds now, in the definition's unit. Throws where the target cannot be asked. */
  read(): Promise<KnobValue>;
  /** Sets it and reads it back. Throws where the value is out of bounds or did not take. */
  apply(value: KnobValue): Promise<void>;
  /** Back to what the target's own configuration says. */
  reset(): Promise<void>;
}

/** Taken by an instance when it starts: a part of its image's configuration. */
export interface RestartKnob {
  readonly definition: KnobDefinition & { readonly applied: 'restart' };
  /** from an image's configuration; undefined: not set there */
  valueIn(configuration: Readonly<Record<string, string>>): KnobValue | undefined;
  /** An image's configuration with the value set. Throws where it is out of bounds. */
  configured(configuration: Readonly<Record<string, string>>, value: KnobValue): Readonly<Record<string, string>>;
}

export type Knob = LiveKnob | RestartKnob;

export const isLive = (knob: Knob): knob is LiveKnob => knob.definition.applied === 'live';
