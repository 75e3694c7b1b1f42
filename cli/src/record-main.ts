/** `hindcast record` as a bundle of its own, small enough to begin at once. */
import '../../trace-runtime/src/base/own-process.ts';
import { record } from './record.ts';
import { runMain } from './run-main.ts';

// What it wrote is written: taking the heap apart would only keep the user waiting.
runMain(async ([, ...args]) => process.exit(await record(args)));
