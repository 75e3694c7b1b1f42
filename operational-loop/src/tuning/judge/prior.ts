/** What is believed of a canary before anything was seen: it is worse with one half, by latency four times as often as by errors. */
export const PRIOR_ODDS = { latency: 0.8, errors: 0.2 } as const;

export const probabilityOf = (odds: number): number => odds / (1 + odds);
