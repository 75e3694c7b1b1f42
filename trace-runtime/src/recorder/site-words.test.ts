import { expect, test } from 'vitest';
import { placeSiteWords } from './site-words.ts';

const literal = (word: number): string => `\u0001${word.toString(16).padStart(9, '0')}`;
const place = (text: string, base: number): string => {
  const bytes = Buffer.from(text);
  placeSiteWords(bytes, 0, base);
  return bytes.toString();
};

test('a site word becomes a hexadecimal literal of the same length, moved by its base', () => {
  const text = `f(${literal(7)},"ü",${literal(0x1f)})`;
  expect(place(text, 256)).toBe('f(0x00001007,"ü",0x0000101f)');
  expect(place(text, 256)).toHaveLength(text.length);
});

test('words reach the whole range of 32 bits', () => {
  expect(place(literal(0xabcd7), 0x0ff00000)).toBe(`0x${(0xabcd7 + 0xff000000).toString(16)}`);
});

test('text before the start is left alone', () => {
  const bytes = Buffer.from(`${literal(7)}${literal(7)}`);
  placeSiteWords(bytes, 10, 1);
  expect(bytes.toString()).toBe(`${literal(7)}0x00000017`);
});
