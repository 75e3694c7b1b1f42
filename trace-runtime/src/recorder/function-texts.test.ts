import { expect, test } from 'vitest';
import { createFunctionTexts } from './function-texts.ts';
import type { LoadedFile, LoadedFiles } from './loaded-files.ts';

/** `«…»` is what was inserted. */
function fileOf(marked: string): { whole: string; edits: number[] } {
  const edits: number[] = [];
  let whole = '';
  let column = 0;
  for (const part of marked.split(/[«»]/).entries()) {
    const [i, text] = part;
    whole += text;
    if (i % 2 === 1) edits.push(column, text.length);
    else column += text.length;
  }
  return { whole, edits };
}

function check(marked: string, say: (text: string) => string): string {
  const { whole, edits } = fileOf(marked);
  const file = {} as LoadedFile;
  const files = { byControl: () => file, edits: () => new Map([[0, edits]]) } as unknown as LoadedFiles;
  return createFunctionTexts({ files, textOf: () => whole }).message(say(whole));
}

/** As V8 shows a function's text. */
const shown = (text: string): string =>
  text.length > 128 ? `${text.slice(0, 111)}...<omitted>...${text.slice(-2)}` : text;

const HOOK = '«;let __hcc=__hcE2(0x000010cf,a,b),__hcd=0;__hcA[2]=12;try{;__hcA[2]=13;»';
const AFTER = '«;__hcd=1;__hcZ(0x000010df,__hcc)}finally{__hcd||__hcX(__hcc)}»';

test('a function in a message has its original text', () => {
  const text = `const f = (a, b) => {${HOOK} return { a, b }; ${AFTER}}; f();`;
  const of = (whole: string): string => whole.slice(10, -6);
  const original = '(a, b) => { return { a, b }; }';
  expect(check(text, (whole) => `${shown(of(whole))} could not be cloned.`)).toBe(`${original} could not be cloned.`);
  expect(check(text, (whole) => `Class extends value ${shown(of(whole))} is not a constructor or null`)).toBe(
    `Class extends value ${original} is not a constructor or null`,
  );
});

test('a short one is shown whole, a long one by its beginning and its end', () => {
  const short = "x = () => {«/*0x000010cf*/__hcq();» return '}'; }; y";
  expect(check(short, (whole) => `${whole.slice(4, -3)} is not a symbol`)).toBe(
    "() => { return '}'; } is not a symbol",
  );
  const long = `x = class K { m(a, b) {${HOOK} ${'a + b; '.repeat(30)} ${AFTER}} z }; y`;
  const original = `class K { m(a, b) { ${'a + b; '.repeat(30)} } z }`;
  expect(check(long, (whole) => `${shown(whole.slice(4, -3))} could not be cloned.`)).toBe(
    `${shown(original)} could not be cloned.`,
  );
});

test('other messages stay as they are', () => {
  for (const text of ['plain', '__hc without a site', `0x000010cf alone`])
    expect(check(`f(${HOOK})`, () => text)).toBe(text);
});
