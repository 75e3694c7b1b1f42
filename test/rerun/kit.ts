/** Programs that are recorded as they fail, edited, and put to the proof. */
import { expect, vi } from 'vitest';
import type { Answer, Program, RunOptions } from './program.ts';

export { Program, type Answer, type Ended, type RunOptions } from './program.ts';

/** Each test records and reruns several times. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** What a person reads of an answer, for messages of failed tests. */
export function told({ verdict, reasons }: Answer): string {
  return [verdict, ...reasons.map(({ code, text }) => `${code}: ${text}`)].join('\n');
}

/** `TIMES=100` proves each so often (`npm run proof:world`). */
export const TIMES = Number(process.env['TIMES'] ?? 1);

/** It fails again as it did, and its mending is proved. */
export async function proves(program: Program, mend: () => void, options: RunOptions = {}): Promise<void> {
  for (let i = 0; i < TIMES; i++) {
    const still = await program.validate([], options);
    expect(still.verdict, told(still)).toBe('still-failing');
  }
  mend();
  for (let i = 0; i < TIMES; i++) {
    const fixed = await program.validate([], options);
    expect(fixed.verdict, told(fixed)).toBe('fixed');
  }
}
