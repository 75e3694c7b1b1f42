/** `hindcast record` as a bundle of its own, small enough to begin at once. */
import { record } from './record.ts';
import { runMain } from './run-main.ts';

runMain(([, ...args]) => record(args));
