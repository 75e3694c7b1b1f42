// What is taken hold of in a new vm context, before any of this file's code runs in it: as jest takes the clock of its tests.
const vm = require('node:vm');

const context = vm.createContext({ order: [] });
const globalOfIt = vm.runInContext('globalThis', context);
const now = globalOfIt.Date.now.bind(globalOfIt.Date);
const { random } = globalOfIt.Math;

function timed(work) {
  const started = now();
  const rolls = [random(), random()].map((roll) => Math.floor(roll * 1000));
  work();
  return { started, took: now() - started, rolls };
}

const seen = [];
for (let round = 0; round < 5; round++) {
  const { started, took, rolls } = timed(() => {
    for (const until = Date.now() + round; Date.now() < until; );
  });
  if (took % 2 === 0) seen.push(`even ${started % 1000}`);
  else seen.push(`odd ${rolls}`);
}
console.log(seen.join('\n'));
console.log(String(globalOfIt.Date.now), globalOfIt.Function.prototype.toString.call(globalOfIt.Date));
console.log(new globalOfIt.Date(0).toISOString(), globalOfIt.Date.name, globalOfIt.Date.length);

const made = vm.runInNewContext('({ at: Date.now(), roll: Math.random(), text: String(Date) })');
console.log(made.at % 2 ? 'odd' : made.roll, made.text);
const own = new vm.Script('Date.now() % 7').runInNewContext();
console.log(own);
setTimeout(() => console.log(now() % 1000, own === now() % 7), 5);
