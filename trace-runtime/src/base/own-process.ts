/**
 * Imported first by each of Hindcast's own programs. Where V8's compiler Maglev is at work when a process of Node 22 or newer
 * is about to end, it waits for the main thread, and that waits for it, for ever (nodejs/node#54918): they do without it. Older
 * versions have it switched off.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--no-maglev');
