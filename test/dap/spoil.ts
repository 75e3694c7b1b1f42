/** Damage to values as JSON and MessagePack have them: what a careless or broken writer could send. */
import type { Random } from '../support/random.ts';

type Node = Record<string, unknown> | unknown[];

const JUNK: readonly unknown[] = [
  null,
  true,
  false,
  '',
  'x',
  '__proto__',
  'constructor',
  'y'.repeat(20_000),
  '\u0000\ud800',
  -1,
  0,
  1,
  0.5,
  -0.5,
  7,
  255,
  65_536,
  1e9,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  1e308,
  [],
  [null],
  [1, 'two', {}],
  {},
  { path: 5 },
  { __proto__: null, length: -1 },
];

/** A value of any kind. */
export function junk(random: Random): unknown {
  return structuredClone(random.pick(JUNK));
}

/** A copy of the value in which some place holds something else, or nothing. Tells which. */
export function spoiled(random: Random, value: unknown): { readonly value: unknown; readonly what: string } {
  const copy: unknown = structuredClone(value);
  const holder = pickNode(random, copy);
  if (holder === undefined) return { value: junk(random), what: 'all' };
  const keys = Object.keys(holder);
  const key = keys.length > 0 ? random.pick(keys) : 'extra';
  const what = `${key} of ${keys.slice(0, 4).join(',')}`;
  const at = holder as Record<string, unknown>;
  const action = random.below(10);
  if (action < 2) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete at[key];
    return { value: copy, what: `without ${what}` };
  }
  if (action < 3 && Array.isArray(holder) && keys.length > 0) {
    holder.splice(Number(key), 0, structuredClone(holder[Number(key)]));
    return { value: copy, what: `twice ${what}` };
  }
  const now = at[key];
  at[key] = typeof now === 'number' && random.percent(50) ? now + random.between(-3, 3) : junk(random);
  return { value: copy, what: `${what}: ${brief(now)} becomes ${brief(at[key])}` };
}

export function brief(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 60);
}

/** An object or list somewhere in the value: each step down is taken as likely as staying. */
function pickNode(random: Random, root: unknown): Node | undefined {
  let found: Node | undefined;
  for (let at: unknown = root; typeof at === 'object' && at !== null;) {
    found = at as Node;
    const inner = Object.values(found).filter((each) => typeof each === 'object' && each !== null);
    if (inner.length === 0 || random.percent(25)) break;
    at = random.pick(inner);
  }
  return found;
}
