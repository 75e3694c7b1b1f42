/** Knobs from settings, as a configuration has them. */
import type { CgroupKnobSettings } from './cgroup.ts';
import { CgroupKnob } from './cgroup.ts';
import type { LiveKnob } from './knob.ts';
import type { PostgresqlKnobSettings } from './postgresql.ts';
import { PostgresqlKnob } from './postgresql.ts';
import type { RedisKnobSettings } from './redis.ts';
import { RedisKnob } from './redis.ts';

export type LiveKnobSettings =
  | ({ readonly target: 'postgresql' } & PostgresqlKnobSettings)
  | ({ readonly target: 'redis' } & RedisKnobSettings)
  | ({ readonly target: 'cgroup' } & CgroupKnobSettings);

/** Asks its target for what there is to know. Throws where that cannot be reached, or has no such setting. */
export function openKnob(settings: LiveKnobSettings): Promise<LiveKnob> {
  switch (settings.target) {
    case 'postgresql':
      return PostgresqlKnob.open(settings);
    case 'redis':
      return RedisKnob.open(settings);
    case 'cgroup':
      return CgroupKnob.open(settings);
  }
}
