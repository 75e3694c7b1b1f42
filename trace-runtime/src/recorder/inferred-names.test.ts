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
  ['A.prototype.be =\n  A.prototype.equal = function () {', 'function', '__hct2.be.__hct4.equal', 'A.be.A.equal'],
  ["A.prototype['x y'] = A.z = () => {", '()', '__hct2.<computed>.__hct5.z', 'A.x y.A.z'],
  ['o.a = o.b.c = o.d = function () {', 'function', 'f.__hct2.a.__hct4.c.__hct6.d', 'f.o.a.o.b.c.o.d'],
  ['exports = module.exports = function () {', 'function', '__hct2.exports', 'module.exports'],
  ['var x = this.y = z.w = function () {', 'function', 'x.y.__hct1.w', 'x.y.z.w'],
  ['if (a.b == function () {', 'function', '__hct1.b', 'b'],
])('in %s the function at %s is no %s but %s', (text, at, name, written) => {
  expect(inferredName(name, text, text.lastIndexOf(at.split('  ')[0]!))).toBe(written);
});
