/** The machine's own timers and clock, taken before anything replaces them. */
export const later: (work: () => void) => void = setImmediate;
export const startTimer = setTimeout;
export const stopTimer = clearTimeout;
export const now = performance.now.bind(performance);
