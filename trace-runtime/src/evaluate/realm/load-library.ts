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

/** A test framework's `expect`, chai's `assert`: they decide the same here. Undefined of any other function. */
export function assertionLike(
  properties: readonly { readonly key: unknown; readonly value: unknown }[],
): keyof AssertionLibrary | undefined {
  const has = (name: string): boolean => properties.some(({ key }) => key === name);
  const name = properties.find(({ key }) => key === 'name')?.value;
  if (name === 'expect' && (has('extend') || has('fail'))) return 'expect';
  return name === 'assert' && has('isTrue') && has('strictEqual') ? 'assert' : undefined;
}

export function loadLibrary(text: string): AssertionLibrary {
  return (new SafeFunction(`${STAND_INS}${text}\nreturn library;`) as () => AssertionLibrary)();
}
