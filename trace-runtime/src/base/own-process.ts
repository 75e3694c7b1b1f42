/**
 * Imported first by each of Hindcast's own programs. A process of Node that ends waits for V8's threads, and one that compiles
 * there may wait for a garbage collection by the main thread: for ever (nodejs/node#54918; seen with Node 24 in collectors, in
 * Sparkplug). So they compile nothing in other threads that needs memory of the heap.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--no-concurrent-sparkplug');
setFlagsFromString('--no-maglev');
