/** What came into a run from outside, as its boundary log has it, and how two runs differ in it. */
import type { RunTexts } from './texts.ts';
import { mix } from './value-hashes.ts';

/** An input that two runs got differently. */
export interface InputDifference {
  /** `clock`, `random`, `environment`, or a kind of the boundary log */
  readonly kind: string;
  /** what was asked: an argument's place, a variable, a path, an address; '' where there is only one such input */
  readonly subject: string;
  /** as texts; undefined where the run did not get it */
  readonly a: string | undefined;
  readonly b: string | undefined;
  /** how many inputs of that kind and subject differ */
  readonly count: number;
  /** differs between any two runs */
  readonly isNoise: boolean;
}

interface Entry {
  readonly kind: string;
  readonly subject: string;
  readonly content: string;
}

const MOST = 100_000;
/** Kinds of the boundary log that differ between any two runs. */
const NOISE =
  /^(?:clock|random|crypto\.|os\.|process\.|fs\.(?:l|f)?stat|fs\.mkdtemp|socket\.|address|datagram\.|child\.start|worker\.|signal)/;
/** Kinds that tell of them. */
const NAMES = /^(?:environment$|fs\.mkdtemp|child\.)/;
/** Variables by which a shell names itself and where it is. */
const OF_SHELL = /^(?:PWD|OLDPWD|SHLVL|_|WINDOWID|TERM_SESSION_ID|SSH_\w+|XDG_SESSION_ID)$/;
/** Fields that number things within a run, or tell when and by whom. */
const UNSAID: ReadonlySet<string> = new Set([
  'id',
  'fd',
  'pid',
  'ppid',
  'port',
  'socket',
  'stat',
  'child',
  'cwd',
  'position',
  'time',
]);
const SHOWN = 200;

export function isNoise(kind: string): boolean {
  return NOISE.test(kind);
}

export class InputLog {
  private readonly numbers = new Map<string, (number | string | undefined)[]>();
  private readonly entries: Entry[] = [];
  /** numbers beyond those kept */
  lost = 0;
  /** of all that was printed */
  outputs = 0;

  number(kind: string, value: number | string | undefined): void {
    const list = this.numbers.get(kind) ?? [];
    this.numbers.set(kind, list);
    if (list.length < MOST) list.push(value);
    else this.lost++;
  }

  /** Of clocks and random numbers. */
  allNumbers(): Set<unknown> {
    return new Set([...this.numbers.values()].flat());
  }

  output(descriptor: number, text: number): void {
    this.outputs = mix(this.outputs, mix(descriptor, text));
  }

  /** Tells of what names the run: folders made under random names, numbers of processes. */
  name(kind: string, detail: string, texts: RunTexts): void {
    if (!NAMES.test(kind)) return;
    const { name, pid, ppid } = parseDetail(detail);
    if (kind.startsWith('fs.mkdtemp') && typeof name === 'string') texts.madeFolder(name);
    for (const number of [pid, ppid]) if (typeof number === 'number') texts.addPid(number);
  }

  add(kind: string, detail: string, texts: RunTexts): void {
    if (this.entries.length >= MOST) {
      this.lost++;
      return;
    }
    const fields = parseDetail(detail);
    if (kind === 'environment') return this.environment(fields, texts);
    const { path, url, name, host, hostname, ...others } = fields;
    const subject = [path, url, host, hostname].find((each) => typeof each === 'string') ?? name;
    const told = Object.entries({ ...others, ...(subject === name ? {} : { name }) }).filter(
      ([key]) => !UNSAID.has(key),
    );
    const content = told.map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    this.entries.push({
      kind,
      subject: texts.plain(typeof subject === 'string' ? subject : ''),
      content: texts.plain(content.join(', ')),
    });
  }

  private environment({ argv, env, node, platform, arch }: Record<string, unknown>, texts: RunTexts): void {
    const put = (subject: string, value: unknown): void => {
      this.entries.push({ kind: 'environment', subject, content: texts.plain(String(value)) });
    };
    if (Array.isArray(argv)) argv.forEach((each, i) => put(`argv[${i}]`, each));
    if (typeof env === 'object' && env !== null) for (const [name, value] of Object.entries(env)) put(name, value);
    put('node', node);
    put('platform', `${String(platform)} ${String(arch)}`);
  }

  /** What differs between the two runs, what a person chose before what differs always. */
  static differences(a: InputLog, b: InputLog): InputDifference[] {
    const found: InputDifference[] = [];
    const [inA, inB] = [grouped(a.entries), grouped(b.entries)];
    for (const key of new Set([...inA.keys(), ...inB.keys()])) {
      const [listA, listB] = [inA.get(key) ?? [], inB.get(key) ?? []];
      const { kind, subject } = (listA[0] ?? listB[0])!;
      const contents = (list: readonly Entry[]) => list.map(({ content }) => content);
      found.push(...difference(kind, subject, contents(listA), contents(listB)));
    }
    for (const kind of new Set([...a.numbers.keys(), ...b.numbers.keys()]))
      found.push(...difference(kind, '', a.numbers.get(kind) ?? [], b.numbers.get(kind) ?? []));
    return found.sort((x, y) => Number(x.isNoise) - Number(y.isNoise));
  }
}

function difference(
  kind: string,
  subject: string,
  a: readonly (string | number | undefined)[],
  b: readonly (string | number | undefined)[],
): InputDifference[] {
  let count = 0;
  let first = -1;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (i < a.length && i < b.length && a[i] === b[i]) continue;
    count++;
    if (first < 0) first = i;
  }
  if (first < 0) return [];
  const show = (list: readonly (string | number | undefined)[]) =>
    first < list.length ? String(list[first]).slice(0, SHOWN) : undefined;
  const isOfShell = kind === 'environment' && OF_SHELL.test(subject);
  return [{ kind, subject, a: show(a), b: show(b), count, isNoise: isOfShell || isNoise(kind) }];
}

function grouped(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = `${entry.kind}\u0000${entry.subject}`;
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [entry]);
    else list.push(entry);
  }
  return groups;
}

function parseDetail(detail: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(detail);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
