/** Begins the panel. */
export {};
