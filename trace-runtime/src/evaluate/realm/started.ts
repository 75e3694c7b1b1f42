/** What `process` has from its start, in the sandbox. */
import * as L from './language.ts';
import { partlyKnown } from './refusal.ts';

export interface Started {
  readonly env: object;
  /** names of variables that are not known */
  readonly secrets: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Of the program's own `process` its number; else what is known of it. */
export type ProcessAnswer =
  | { readonly id: number }
  | { readonly started?: Started; readonly hidden: readonly string[] };

export function processOf(answer: ProcessAnswer, world: { object(id: number): object }): object {
  if ('id' in answer) return world.object(answer.id);
  const known = {};
  if (answer.started) startWith(known, answer.started);
  return partlyKnown(known, 'process', new Set(answer.hidden));
}

/** What the program has changed since stays. */
export function startWith(process: object, { env, secrets, facts }: Started): void {
  const give = (name: string, value: unknown): void => {
    if (L.getOwnPropertyDescriptor(process, name)) return;
    L.defineProperty(process, name, { value, writable: true, enumerable: true, configurable: true });
  };
  // each run may change it
  const own = L.parse(L.stringify(env) as string) as object;
  give('env', secrets.length > 0 ? partlyKnown(own, 'process.env', new Set(secrets)) : own);
  for (const name of L.ownKeys(facts) as string[]) if (facts[name] !== undefined) give(name, facts[name]);
}
