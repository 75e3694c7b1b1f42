import { describe, expect, test } from 'vitest';
import { project, run } from './kit.ts';

const WORDS = "function* words(t) { for (const w of t.split(' ')) yield w; }\n";
const ASYNC_WORDS = "async function* words(t) { for (const w of t.split(' ')) { await null; yield w; } }\n";

/** A function of Node's throws in the line behind `here`. */
const programs: Readonly<Record<string, string>> = {
  'a loop over a generator': `${WORDS}
    for (const w of words('a b c')) {
      if (w === 'c') /* here */
        JSON.parse('{' + w);
    }`,
  'a loop over an asynchronous generator': `${ASYNC_WORDS}
    for await (const w of words('a b c')) if (w === 'b') break;
    for await (const w of words('a b c')) {
      if (w === 'c') /* here */
        JSON.parse('{' + w);
    }`,
  'loops over generators in each other, which end by code of their own': `
    function* words(t) { try { for (const w of t.split(' ')) yield w; } finally { words.closed = true; } }
    for (const w of words('a b c')) if (w === 'b') break;
    for (const w of words('a b c')) for (const v of words('x y'))
      if (w === 'c') /* here */
        JSON.parse('{' + v);`,
  'a loop that was left before': `${WORDS}
    function find() { for (const w of words('a b')) if (w === 'a') return w; }
    find(); /* here */
    JSON.parse('{');`,
  'a generator itself': `
    function* words(t) { for (const w of t.split(' ')) /* here */
      yield JSON.parse(w); }
    try { for (const w of words('1 2 {')) if (w === 5) break; } finally { words.done = true; }`,
  'a generator that is told to throw': `${WORDS}
    const run = words('a b'); run.next(); /* here */
    run.throw(new Error('no'));`,
  'a block with a finally that waits': `
    const log = [];
    async function main() {
      try { /* here */
        JSON.parse('{');
      } finally {
        log.push(1);
        await null;
        log.push(2);
      }
    }
    main();`,
  'blocks with a finally in each other': `
    function parse(text) {
      try {
        try { /* here */
          JSON.parse(text);
        } finally {
          parse.inner = 1;
        }
      } finally {
        parse.outer = 1;
      }
    }
    parse('1');
    parse('{');`,
  'a finally block itself': `
    try {
      console.log('fine');
    } finally { /* here */
      JSON.parse('{');
    }`,
  'a caught error that is thrown again': `${WORDS}
    function load(text) {
      for (const part of words(text)) {
        try { /* here */
          JSON.parse(part);
        } catch (error) {
          throw error;
        }
      }
    }
    load('1 2 {');`,
  'a loop in a block that catches and throws again': `${WORDS}
    try {
      for (const w of words('1 {')) /* here */
        JSON.parse(w);
    } catch (error) {
      throw error;
    }`,
};

describe('the failure stands where a function of Node throws: in', () => {
  test.each(Object.entries(programs))('%s', (_, source) => {
    const folder = project({ 'program.mjs': source });
    expect(run(folder, 'record', '--', process.execPath, 'program.mjs').status).toBe(1);
    const { stdout } = run(folder, 'state', '--at', 'failure');
    const line = source.slice(0, source.indexOf('/* here */')).split('\n').length + 1;
    expect(stdout.split('\n')[1]).toMatch(new RegExp(`program\\.mjs:${line}:\\d+`));
  });
});
