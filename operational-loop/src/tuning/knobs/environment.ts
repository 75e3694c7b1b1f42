/** Settings that a service's instance takes from its environment when it starts: a pool's size, a cache's, a thread pool's. */
import type { KnobDefinition, KnobValue } from '../../model/knob.ts';
import { outOfBounds } from '../../model/knob.ts';
import type { RestartKnob } from './knob.ts';

type Configuration = Readonly<Record<string, string>>;

interface Bounds {
  readonly least: number;
  readonly most: number;
}

export class EnvironmentKnob implements RestartKnob {
  readonly definition: RestartKnob['definition'];

  /** `definition.name` is the variable. */
  constructor(definition: RestartKnob['definition']) {
    this.definition = definition;
  }

  valueIn(configuration: Configuration): KnobValue | undefined {
    return configuration[this.definition.name];
  }

  configured(configuration: Configuration, value: KnobValue): Configuration {
    orThrow(this.definition, value);
    return { ...configuration, [this.definition.name]: value };
  }
}

const HEAP = /--max[-_]old[-_]space[-_]size=(?<size>\d+)/;

/** The most that V8's old generation may take, in MiB: an option among others in NODE_OPTIONS. */
export class HeapKnob implements RestartKnob {
  readonly definition: RestartKnob['definition'];

  constructor(service: string, bounds: Bounds, allowed: boolean) {
    this.definition = {
      id: `${service}/max-old-space-size`,
      target: 'node',
      service,
      name: 'NODE_OPTIONS',
      unit: 'MiB',
      bounds: { kind: 'range', ...bounds, whole: true },
      applied: 'restart',
      changesSemantics: false,
      allowed,
      description:
        'How large the heap may grow before the program runs out of memory; less means more time in collections.',
    };
  }

  valueIn(configuration: Configuration): KnobValue | undefined {
    return HEAP.exec(configuration['NODE_OPTIONS'] ?? '')?.groups?.['size'];
  }

  configured(configuration: Configuration, value: KnobValue): Configuration {
    orThrow(this.definition, value);
    const others = (configuration['NODE_OPTIONS'] ?? '').replace(HEAP, '').trim();
    const option = `--max-old-space-size=${value}`;
    return { ...configuration, NODE_OPTIONS: `${others} ${option}`.trim() };
  }
}

/** What libuv takes. */
const MOST_THREADS = 1024;

/** Threads of libuv's pool, which files, DNS, zlib and crypto share. */
export function threadPoolKnob(service: string, { least, most }: Bounds, allowed: boolean): EnvironmentKnob {
  return new EnvironmentKnob({
    id: `${service}/UV_THREADPOOL_SIZE`,
    target: 'node',
    service,
    name: 'UV_THREADPOOL_SIZE',
    unit: 'threads',
    bounds: { kind: 'range', least: Math.max(1, least), most: Math.min(MOST_THREADS, most), whole: true },
    applied: 'restart',
    changesSemantics: false,
    allowed,
    description: 'How many file, DNS, zlib and crypto operations run at once; 4 where it is not set.',
  });
}

function orThrow(definition: KnobDefinition, value: KnobValue): void {
  const wrong = outOfBounds(definition, value);
  if (wrong !== undefined) throw new Error(wrong);
}
