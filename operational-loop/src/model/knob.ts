/** Settings that may be tuned. */

/** `SERVICE/NAME`, such as `checkout/UV_THREADPOOL_SIZE` or `orders-db/work_mem` */
export type KnobId = string;

/** As the target writes it, without its unit: `4096`, `on`, `everysec`. */
export type KnobValue = string;

export type KnobBounds =
  | { readonly kind: 'range'; readonly least: number; readonly most: number; readonly whole: boolean }
  | { readonly kind: 'choices'; readonly values: readonly KnobValue[] };

export interface KnobDefinition {
  readonly id: KnobId;
  readonly target: 'node' | 'postgresql' | 'redis' | 'cgroup';
  /** the service whose requests show its effect */
  readonly service: string;
  /** the target's own name of it: an environment variable, a parameter, a file */
  readonly name: string;
  /** what one of it is: `MiB`, `kB`, `threads`; empty for choices */
  readonly unit: string;
  readonly bounds: KnobBounds;
  /** `restart`: an instance takes it when it starts. `live`: it holds for what runs. */
  readonly applied: 'restart' | 'live';
  /** whether results can differ, not only their speed: durability, eviction, isolation */
  readonly changesSemantics: boolean;
  /** whether the user lets it be set without being asked */
  readonly allowed: boolean;
  readonly description: string;
}

/** What is wrong with a value for a knob, or nothing. */
export function outOfBounds({ bounds, unit, id }: KnobDefinition, value: KnobValue): string | undefined {
  if (bounds.kind === 'choices') {
    return bounds.values.includes(value) ? undefined : `${id} takes ${bounds.values.join(', ')}, not ${value}.`;
  }
  const number = value.trim() === '' ? NaN : Number(value);
  const inside = number >= bounds.least && number <= bounds.most && (!bounds.whole || Number.isInteger(number));
  if (inside) return undefined;
  const kind = bounds.whole ? 'whole numbers' : 'numbers';
  return `${id} takes ${kind} from ${bounds.least} to ${bounds.most} ${unit}, not ${value}.`.replace(' ,', ',');
}
