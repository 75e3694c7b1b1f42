/** Programs that are recorded as they fail, edited, and put to the proof. */
import { vi } from 'vitest';
import type { Answer } from './program.ts';

export { Program, type Answer, type Ended, type RunOptions } from './program.ts';

/** Each test records and reruns several times. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** What a person reads of an answer, for messages of failed tests. */
export function told({ verdict, reasons }: Answer): string {
  return [verdict, ...reasons.map(({ code, text }) => `${code}: ${text}`)].join('\n');
}
