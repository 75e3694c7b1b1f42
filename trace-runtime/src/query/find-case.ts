import { Outcome } from '../wire/words.ts';
import type { CaseFacts } from './stream-state.ts';

/**
 * The case that `name` means: its number, its name, or a part of that. Each process numbers its own, and tests of several
 * files may be called the same: of those one that failed is meant.
 */
export function findCase<T extends { readonly facts: CaseFacts }>(cases: readonly T[], name: string): T | undefined {
  const ways: readonly ((facts: CaseFacts) => boolean)[] = [
    ({ id }) => String(id) === name,
    (facts) => facts.name === name,
    (facts) => facts.name.includes(name),
  ];
  for (const isMeant of ways) {
    const found = cases.filter(({ facts }) => isMeant(facts));
    if (found.length > 0) return found.find(({ facts }) => hasFailed(facts)) ?? found[0];
  }
  return undefined;
}

function hasFailed({ outcome }: CaseFacts): boolean {
  return outcome === Outcome.failed || outcome === Outcome.timedOut;
}
