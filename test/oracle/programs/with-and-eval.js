// Sloppy code: with, direct and indirect eval, arguments aliasing, this coercion, octal, duplicate parameters.
var outer = 'global-ish';
function useWith(target) {
  var local = 1;
  with (target) {
    value = value + local;
    var leaked = value * 2;
    label = outer;
  }
  return [target.value, leaked, target.label];
}
function useEval(code) {
  var hidden = 10;
  let block = 20;
  var result = eval(code);
  return [result, hidden, block];
}
function aliased(a, b) {
  arguments[0] = 'changed';
  b = 'rebound';
  return [a, arguments[1], arguments.length];
}
function sloppyThis() {
  return typeof this;
}
function defaults(a, b = 2) {
  arguments[0] = 'kept';
  return a;
}
var indirect = eval;
var withResult = useWith({ value: 5, label: 'x' });
var evals = [useEval('hidden += 1; block * 2'), useEval('var injected = 3; injected + hidden')];
var globalEval = indirect('typeof useEval');
var closure = eval('(function (n) { return n + outer.length; })');
var fromEval = closure(1);
var alias = aliased(1, 2, 3);
var coerced = [sloppyThis.call(5), sloppyThis.call(null), sloppyThis.call('s')];
var octal = 017 + 0x1f + 0b11;
delete outer.nothing;
undeclared = 'implicit';
var implicit = globalThis.undeclared;
delete globalThis.undeclared;
console.log(withResult, evals, globalEval, fromEval, alias, coerced, octal, implicit, defaults(1));
// parameters and the elements of arguments are the same variables, until they are parted
function shift(first, second, third) {
  const rest = Array.prototype.slice.call(arguments, 1);
  first = 'one';
  arguments[1] = 'two';
  const seen = [arguments[0], second, arguments.length];
  [].shift.call(arguments);
  third = [first, second, third];
  delete arguments[0];
  first = 'apart';
  arguments[1]++;
  Object.defineProperty(arguments, '1', { value: 'defined' });
  third = 'apart too';
  const lookBack = () => arguments[0];
  return [seen, first, second, third, arguments, rest, lookBack()];
}
function strictOne(value) {
  'use strict';
  value = 'mine';
  return [value, arguments[0]];
}
function defaulted(value, other = 2) {
  value = 'mine';
  arguments[1] = 'theirs';
  return [value, other, arguments[0]];
}
function counted(n) {
  for (let i = 0; i < 3; i++) n += i;
  return arguments[0] + n;
}
function frozen(a, b) {
  Object.freeze(arguments);
  a = 'new';
  arguments[1] = 'new';
  return [a, b, arguments];
}
function* lazily(a) {
  yield arguments[0];
  arguments[0] = yield a;
  yield a;
}
function handed(list, value) {
  list[0] = value;
  list.length = 1;
  return list;
}
function handsOver(a, b) {
  handed(arguments, 'handed');
  return [a, b];
}
const shifted = shift(1, 2, 3);
const short = shift('only');
const unmapped = [strictOne(1), defaulted(1, 3), counted(4), frozen(1, 2), handsOver(1, 2)];
const lazy = lazily('start');
const steps = [lazy.next().value, lazy.next().value, lazy.next('sent').value];
console.log(shifted, short, unmapped, steps);
