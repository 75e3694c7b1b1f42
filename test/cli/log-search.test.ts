import { cpSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { json, project, run } from './kit.ts';

const folder = project({});

beforeAll(() => {
  cpSync(path.resolve(import.meta.dirname, '../../examples/shop'), folder, { recursive: true });
  expect(run(folder, 'record', '--', process.execPath, 'checkout.js').status).toBe(1);
});

const lines = (...args: string[]): string[] =>
  run(folder, ...args)
    .stdout.trimEnd()
    .split('\n');

describe('events --log', () => {
  test('prints an expression at every hit of a line, with its moment', () => {
    const printed = lines(
      'events',
      '--log',
      'checkout.js:10',
      '{ id: order.id, skus: order.items.map((item) => item.sku) }',
    );
    expect(printed).toHaveLength(2);
    expect(printed[0]).toMatch(/^1:\d+ +\{ id: 'A-1', skus: \[ 'tea' \] \} {2}checkout\.js:10$/);
    expect(printed[1]).toContain("{ id: 'A-2', skus: [ 'pot', 'cup' ] }");
    const [moment] = /^1:\d+/.exec(printed[1]!)!;
    const only = lines('events', '--from', moment, '--log', 'checkout.js:10', 'order.id');
    expect(only.join()).toContain("'A-2'");
    expect(lines('state', '--at', moment).join('\n')).toContain('checkout.js:10');
  });

  test('a column names the statement among those of a line', () => {
    const all = lines('events', '--log', 'checkout.js:12:1', 'order.id');
    const second = lines('events', '--log', 'checkout.js:12:10', 'order.id');
    expect(second.length).toBeLessThan(all.length);
    expect(second.join()).toContain('checkout.js:12:');
  });

  test('says what is wrong with an expression or a place', () => {
    expect(lines('events', '--log', 'checkout.js:10', 'nope')[0]).toContain('‹ReferenceError: nope is not defined›');
    const nowhere = run(folder, 'events', '--log', 'other.js:3', '1');
    expect(nowhere).toMatchObject({ status: 4, stdout: '' });
    expect(nowhere.stderr).toContain('no statement at or below line 3 of other.js');
    expect(run(folder, 'events', '--log', 'checkout.js', '1').stderr).toContain(
      '--log takes FILE:LINE or FILE:LINE:COLUMN',
    );
  });

  test('gives an object a line as JSON', () => {
    const [first] = lines('events', '--log', 'checkout.js:10', 'order.id', '--json');
    expect(JSON.parse(first!)).toMatchObject({ version: 1, place: 'checkout.js:10', value: 'A-1', objects: {} });
  });
});

describe('search', () => {
  test('finds a text in values, in objects and in output', () => {
    expect(lines('search', 'Edsger').join('\n')).toMatch(/^1:\d+ /);
    expect(lines('search', 'Edsger')[0]).toMatch(/: \w*\[1\]\.customer = 'Edsger' {2}checkout\.js:/);
    expect(lines('search', 'no valid total').join('\n')).toContain('RangeError');
    expect(lines('search', 'nobody wrote this')).toEqual(['Nothing was found.']);
  });

  test('finds a value, in every recording of the workspace', () => {
    expect(lines('search', '--value', '2450').join('\n')).toContain('cents = 2450');
    const { found } = json<{ found: { recording: string; variable: string; match: unknown }[] }>(
      run(folder, 'search', '--value', '2450', '--all', '--json'),
    );
    expect(found.find(({ variable }) => variable === 'cents')).toMatchObject({
      recording: expect.stringContaining('.hindcast/recordings'),
      match: { path: 'cents', text: '2450' },
    });
    expect(run(folder, 'search').stderr).toContain('Search takes a text');
  });
});
