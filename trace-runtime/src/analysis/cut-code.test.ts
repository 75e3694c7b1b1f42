import { expect, test } from 'vitest';
import { cutCode } from './cut-code.ts';

const check = (code: string, cut: string): void => expect(cutCode(code)).toBe(cut);

test('code that has room stays, on one line', () => {
  check('rest *\n   rate', 'rest * rate');
  check('a'.repeat(60), 'a'.repeat(60));
  check('Object.keys(counts)\n  .sort()\n  ?.at(0)', 'Object.keys(counts).sort()?.at(0)');
  check('[\n  ...all\n]', '[ ...all ]');
  check("'  two  words '  +   `a\n  b`", "'  two  words ' + `a b`");
});

test('what is in the innermost brackets is left out first', () => {
  check(
    '{ total: reduced, lines: parcels.map((parcel) => ({ ...parcel, price: priceOf(parcel) })) }',
    '{ total: reduced, lines: parcels.map((parcel) => ({…})) }',
  );
  check('vouchers.find((voucher) => voucher.code === wanted && voucher.from <= today).sum', 'vouchers.find(…).sum');
  check(
    "expect(totalOf([{ price: { cents: 250, currency: 'EUR' }, count: 2 }]).cents)",
    'expect(totalOf([{ price: {…}, count: 2 }]).cents)',
  );
});

test('brackets in quotes are none', () => {
  check(
    "found.push(parse('(((')), found.push(parse('[')), found.push(parse('{'))",
    'found.push(…), found.push(…), found.push(…)',
  );
});

test('a long text in quotes keeps its beginning', () => {
  check(
    "throw new RangeError('the parcel is heavier than the lorry that shall take it')",
    "throw new RangeError('the parcel is heavier than …')",
  );
});

test('what is too long all the same ends behind a whole word', () => {
  check(
    'const firstOfAll = secondOfAll + thirdOfAll + fourthOfAll + fifthOfAll',
    'const firstOfAll = secondOfAll + thirdOfAll + fourthOfAll +…',
  );
  check('wwwwwwwww '.repeat(9), 'wwwwwwwww wwwwwwwww wwwwwwwww wwwwwwwww wwwwwwwww wwwwwwwww…');
  check('w'.repeat(70), `${'w'.repeat(59)}…`);
});
