import { expect, test } from 'vitest';
import { createRegisters, Register } from './registers.ts';
import { createSharedMemory } from './shared-memory.ts';
import { bench, realmOf } from './test-words.ts';

/** What TypeScript's library for ES2022 does not know yet. */
const Growable = SharedArrayBuffer as unknown as new (
  length: number,
  options: { readonly maxByteLength: number },
) => SharedArrayBuffer & { grow(length: number): void };

test('what another thread wrote is told once, from the first to the last byte', () => {
  const registers = createRegisters();
  const memory = createSharedMemory(registers);
  const buffer = new Growable(8, { maxByteLength: 12 });
  memory.watch(buffer);
  expect(registers[Register.shared]).toBe(1);
  const told: unknown[] = [];
  const look = (): void =>
    memory.look(
      (_, offset, length) => told.push([offset, length]),
      (grown) => told.push(grown.byteLength),
    );
  look();
  new Uint8Array(buffer).set([7, 0, 7], 2);
  look();
  look();
  expect(told).toEqual([[2, 3]]);
  buffer.grow(12);
  look();
  expect(told).toEqual([[2, 3], 12]);
});

test('an atomic operation tells the element it was on', () => {
  const b = bench();
  const run = realmOf(b.recorder);
  b.hook('1', b.site(1), run('var view = new Int32Array(new SharedArrayBuffer(8)); view'));
  run('Atomics.add(view, 1, 5); Atomics.load(view, 0)');
  expect(b.records().filter((text) => text.startsWith('bytes'))).toHaveLength(2);
});
