/** Hooks of tests: they run, and fail, outside of the cases that fail by them, or are told of as cases of their own. */
import type { Failure } from '../query/failures.ts';
import type { CaseFacts } from '../query/stream-state.ts';

/** As mocha names a hook that failed, and the recorder those of other runners: behind its suite, with what it ran for. */
const HOOK = /^(?:([^]*) )?"(?:before|after) (?:each|all)" hook(?:: [^]*?)? (?:for "([^]*)"|in "[^]*")$/;

/** The case is a hook that failed; if none fails, there is no such case. */
export function isHookCase(name: string): boolean {
  return HOOK.test(name);
}

/** Whether the test is the one, or one of those, for which the hook ran. */
export function isTestOfHook(hook: string, test: string): boolean {
  const [, suite, title] = HOOK.exec(hook) ?? [];
  const isInSuite = suite === undefined || test.startsWith(`${suite} `);
  return isInSuite && (title === undefined || test === title || test.endsWith(` ${title}`));
}

/** It failed by what ran before it began, or beside all tests. */
export function failsOutside({ case: facts, moment }: Failure): boolean {
  return facts !== undefined && facts.kind === 'test' && (isHookCase(facts.name) || moment < facts.first);
}

/** Whether the case is another one than that which fails by a hook, and than those which that ran for. */
export function isOther(wanted: string, { kind, name }: CaseFacts): boolean {
  return kind === 'test' && name !== wanted && !(isHookCase(wanted) && isTestOfHook(wanted, name));
}
