/** What a rerun can show: verdict.ts says when. */
export const VERDICTS = ['fixed', 'still-failing', 'different-failure', 'inconclusive'] as const;
export type VerdictName = (typeof VERDICTS)[number];
