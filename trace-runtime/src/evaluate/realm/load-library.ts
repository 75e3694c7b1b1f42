/** Runs the text of assertion-library.ts in this realm. */
import { SafeFunction } from './language.ts';

export interface AssertionLibrary {
  readonly expect: object;
  readonly assert: object;
}

/** Names of Node and of browsers that the library uses: they tell other plugins of it about each other, and warn. */
const STAND_INS = `
class EventTarget { addEventListener() {} removeEventListener() {} dispatchEvent() { return true; } }
class Event { constructor(type) { this.type = type; } }
const console = { log() {}, warn() {}, error() {} };
const [process, window, global, URL, DOMException, Buffer] = [];
`;

export function loadLibrary(text: string): AssertionLibrary {
  return (new SafeFunction(`${STAND_INS}${text}\nreturn library;`) as () => AssertionLibrary)();
}
