import { expect, test } from 'vitest';
import { inferredName } from './inferred-names.ts';

test.each([
  ['Shop.prototype.load = function (x) {', 'function', '__hct2.load', 'Shop.load'],
  ['o.a.b.run = async () => {', 'async', '__hct1.run', 'o.a.b.run'],
  ['o.a[key] =\n  function () {', '(', '__hct2.<computed>', 'o.a.<computed>'],
  ["o['x y'].z ??= function* () {", 'function', '__hct2.z', 'o.x y.z'],
  ["o.a = // the 'b'\n  /* c */ function () {", 'function', '__hct1.a', 'o.a'],
  ['this.m = function () {', 'function', 'S.__hc1.m', 'S.m'],
  ['a.b.kind = class { m() {', 'm()', '__hct2.kind.m', 'a.b.kind.m'],
  ['make().done = () => {', '()  =>', '__hct1.done', 'done'],
  ['if (a.b == function () {', 'function', '__hct1.b', 'b'],
])('in %s the function at %s is no %s but %s', (text, at, name, written) => {
  expect(inferredName(name, text, text.lastIndexOf(at.split('  ')[0]!))).toBe(written);
});
