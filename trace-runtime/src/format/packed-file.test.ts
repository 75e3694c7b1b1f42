import { expect, test } from 'vitest';
import { packFile, packFileNow, unpackFile } from './packed-file.ts';

const contents = [
  '',
  'a',
  'words '.repeat(10_000),
  String.fromCharCode(...Array.from({ length: 500 }, (_, i) => (i * 7919) % 251)),
];

test('a file comes back as it was packed, at once or in the thread pool', async () => {
  for (const text of contents) {
    const content = Buffer.from(text, 'latin1');
    expect(unpackFile(packFileNow(content))).toEqual(content);
    expect(unpackFile(await packFile(content))).toEqual(content);
  }
  expect(packFileNow(Buffer.from(contents[2] ?? '')).length).toBeLessThan(1000);
});

test('a file that is torn, damaged or compressed in an unknown way is said to be none', () => {
  const packed = Buffer.from(packFileNow(Buffer.from(contents[2] ?? '')));
  expect(unpackFile(packed.subarray(0, 3))).toBeUndefined();
  expect(unpackFile(packed.subarray(0, packed.length - 4))).toBeUndefined();
  expect(unpackFile(Buffer.concat([Buffer.of(99), packed.subarray(1)]))).toBeUndefined();
  const longer = Buffer.from(packed);
  longer.writeUInt32LE(longer.readUInt32LE(1) + 1, 1);
  expect(unpackFile(longer)).toBeUndefined();
});
