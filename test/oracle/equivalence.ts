import type { HeapObject, Snapshot } from './snapshot.ts';

/** Function names, regular expressions and bytes must be equal; of an error's stack the message and the program's own places. */
export function sameText(kind: string, inspector: string, recording: string): boolean {
  if (kind !== 'error') return inspector === recording;
  return stackOf(inspector) === stackOf(recording);
}

/** Strings of the program and its output; the inspector has Node start the main module from another line. Warnings name the process. */
export function sameString(inspector: string, recording: string): boolean {
  if (inspector === recording) return true;
  return /node:(?:internal\/|\d)/.test(inspector) && withoutPlaces(inspector) === withoutPlaces(recording);
}

function withoutPlaces(text: string): string {
  return text.replace(/(node:internal\/[\w/]+):\d+(:\d+)?/g, '$1').replace(/\(node:\d+\)/g, '');
}

function stackOf(stack: string): string {
  const at = stack.indexOf('\n    at ');
  if (at < 0) return stack;
  const frames = stack.slice(at).match(/[^\s(]+:\d+:\d+/g) ?? [];
  const own = frames.filter((frame) => !frame.startsWith('node:') && !frame.includes('<anonymous>'));
  return `${stack.slice(0, at)}\n${own.join('\n')}`;
}

/** A view's own bytes, as the inspector's half gives them, cut out of the recording's buffer. `type`: its elements' array. */
export function bytesOf(snapshot: Snapshot, object: HeapObject, type: string): string | undefined {
  if (object.kind !== 'typedArray' || object.inner?.t !== 'object') return undefined;
  const buffer = snapshot.heap(object.inner.id)?.text;
  if (buffer === undefined) return undefined;
  const offset = Number(object.numbers?.[0] ?? 0);
  const length = Number(object.numbers?.[1] ?? 0) * bytesPerElement(type);
  return buffer.slice(offset * 2, (offset + length) * 2);
}

function bytesPerElement(className: string): number {
  const bits = /(\d+)(Clamped)?Array/.exec(className)?.[1];
  return bits === undefined ? 1 : Number(bits) / 8;
}
