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
