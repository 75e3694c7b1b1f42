/** What a program wrote, as panels show it. */
import { stripVTControlCharacters } from 'node:util';
import { Redacted } from '../../trace-runtime/src/query/values.ts';

const LONGEST = 200;
/** Characters that are looked at: colours are taken out of them. */
const WITH_COLOURS = 4 * LONGEST;
/** Control characters that no terminal is sent. */
const NO_TEXT = /[\0-\u0006\u000E-\u001A\u001C-\u001F]/;
/** `node --test` has the files of tests tell it what happens so. */
const OF_TEST_RUNNER = /\btest:[a-z]+/;

export function outputText(value: unknown): string {
  if (value instanceof Redacted) return `‹secret ${value.name}›`;
  if (typeof value !== 'string') return '';
  const text = stripVTControlCharacters(value.slice(0, WITH_COLOURS));
  if (NO_TEXT.test(text)) return OF_TEST_RUNNER.test(text) ? '‹told to the test runner›' : '‹bytes that are no text›';
  return text.slice(0, LONGEST);
}
