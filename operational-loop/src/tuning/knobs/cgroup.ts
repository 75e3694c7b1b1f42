/**
 * Limits of a control group: memory and CPU, in the files of version 1 and 2. (Linux, "Control Group v2", Documentation/
 * admin-guide/cgroup-v2.rst, and cgroup-v1/)
 */
import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KnobValue } from '../../model/knob.ts';
import { outOfBounds } from '../../model/knob.ts';
import type { LiveKnob } from './knob.ts';

export interface CgroupKnobSettings {
  readonly service: string;
  /** the group's own folder, with `memory.max` or `memory.limit_in_bytes` in it */
  readonly folder: string;
  readonly limit: 'memory' | 'cpu';
  /** MiB, or thousandths of a CPU */
  readonly bounds: { readonly least: number; readonly most: number };
  readonly allowed: boolean;
}

/** One limit in one version's files: how a value is written there, and read. */
interface LimitFile {
  readonly file: string;
  /** what says that there is no limit */
  readonly none: string;
  write(value: number): string;
  /** undefined: no limit */
  read(text: string): number | undefined;
}

const MIB = 2 ** 20;
/** Microseconds in which the CPU's share is counted. */
const PERIOD = 100_000;

const number = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
const scaled = (text: string, unit: number): number | undefined => {
  const value = number(text);
  return value === undefined ? undefined : Math.round(value / unit);
};

const FILES: Readonly<Record<CgroupKnobSettings['limit'], readonly LimitFile[]>> = {
  memory: [
    { file: 'memory.max', none: 'max', write: (mib) => String(mib * MIB), read: (text) => scaled(text, MIB) },
    {
      file: 'memory.limit_in_bytes',
      none: '-1',
      write: (mib) => String(mib * MIB),
      // Version 1 says "no limit" by the largest multiple of a page.
      read: (text) => (Number(text) >= 2 ** 62 ? undefined : scaled(text, MIB)),
    },
  ],
  cpu: [
    {
      file: 'cpu.max',
      none: `max ${PERIOD}`,
      write: (thousandths) => `${(thousandths * PERIOD) / 1000} ${PERIOD}`,
      read: (text) => {
        const [quota = '', period = String(PERIOD)] = text.split(' ');
        return scaled(quota, Number(period) / 1000);
      },
    },
    {
      file: 'cpu.cfs_quota_us',
      none: '-1',
      write: (thousandths) => String((thousandths * PERIOD) / 1000),
      read: (text) => scaled(text, PERIOD / 1000),
    },
  ],
};

export class CgroupKnob implements LiveKnob {
  readonly definition: LiveKnob['definition'];
  readonly #path: string;
  readonly #file: LimitFile;

  /** Throws where the folder has no such limit in either version. */
  static async open(settings: CgroupKnobSettings): Promise<CgroupKnob> {
    for (const file of FILES[settings.limit]) {
      const there = await access(path.join(settings.folder, file.file)).then(
        () => true,
        () => false,
      );
      if (there) return new CgroupKnob(settings, file);
    }
    throw new Error(
      `${settings.folder} has no limit of ${settings.limit}: it is no control group, or its controller is off.`,
    );
  }

  private constructor({ service, folder, limit, bounds, allowed }: CgroupKnobSettings, file: LimitFile) {
    this.#path = path.join(folder, file.file);
    this.#file = file;
    this.definition = {
      id: `${service}/${file.file}`,
      target: 'cgroup',
      service,
      name: file.file,
      unit: limit === 'memory' ? 'MiB' : 'thousandths of a CPU',
      bounds: { kind: 'range', ...bounds, whole: true },
      applied: 'live',
      changesSemantics: false,
      allowed,
      description:
        limit === 'memory'
          ? 'How much memory the group may have before it is killed.'
          : 'How much CPU the group may have.',
    };
  }

  /** `none` where there is no limit. */
  async read(): Promise<KnobValue> {
    const value = this.#file.read((await readFile(this.#path, 'utf8')).trim());
    return value === undefined ? 'none' : String(value);
  }

  /** `none` takes the limit away, as it may be what was there before. */
  async apply(value: KnobValue): Promise<void> {
    const wrong = value === 'none' ? undefined : outOfBounds(this.definition, value);
    if (wrong !== undefined) throw new Error(wrong);
    await writeFile(this.#path, value === 'none' ? this.#file.none : this.#file.write(Number(value)));
    const found = await this.read();
    if (found !== value) throw new Error(`${this.#path} is ${found} after it was set to ${value}.`);
  }

  async reset(): Promise<void> {
    await writeFile(this.#path, this.#file.none);
  }
}
