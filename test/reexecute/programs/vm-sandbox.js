// Code in other contexts: a rule engine whose rules are scripts, a time limit, errors from inside.
const vm = require('node:vm');

const rules = {
  discount: 'order.total > 100 ? order.total * 0.9 : order.total',
  shipping: 'let cost = 5; for (const item of order.items) cost += item.weight; cost',
  lucky: 'random() < 0.5 ? "lucky" : "not lucky"',
  late: 'now() - order.placed > 1e6',
  broken: 'order.customer.name',
  endless: 'while (true);',
};
const scripts = Object.entries(rules).map(([name, text]) => [name, new vm.Script(text, { filename: `${name}.rule` })]);

function run(order) {
  const context = vm.createContext({ order, random: Math.random, now: () => Date.now(), seen: [] });
  return scripts.map(([name, script]) => {
    try {
      return `${name}=${script.runInContext(context, { timeout: 25 })}`;
    } catch (error) {
      return `${name}! ${error.code ?? error.name} ${error instanceof Error}`;
    }
  });
}

const items = Array.from({ length: 3 }, (_, i) => ({ weight: i + Math.floor(Math.random() * 3) }));
console.log(run({ total: 150, items, placed: Date.now() - 2e6 }).join('\n'));
console.log(run({ total: 50, items: [], placed: Date.now() }).slice(0, 2));

const context = vm.createContext({ console, out: [] });
vm.runInContext('globalThis.add = (a, b) => { out.push([a, b]); return a + b; }; var x = 5;', context);
console.log(context.add(1, 2), context.x, context.out, context.add instanceof Function, vm.isContext(context));
console.log(vm.runInContext('[1, 2] instanceof Array', context), vm.runInContext('[]', context) instanceof Array);
const compiled = vm.compileFunction('return a * b + c', ['a', 'b'], { contextExtensions: [{ c: 7 }] });
console.log(compiled(2, 3), vm.runInThisContext('typeof require'), vm.runInNewContext('n ** 2', { n: 9 }));
vm.runInContext('Promise.resolve(1).then((n) => out.push(n))', context);
setTimeout(() => console.log('later', context.out.length, eval('items.length + 1'), new Function('n', 'return n * 2')(21)), 1);
