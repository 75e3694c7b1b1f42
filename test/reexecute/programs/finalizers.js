// Callbacks of finalization registries come when memory is collected, which is another moment each time.
const v8 = require('node:v8');
const vm = require('node:vm');
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

class Named extends FinalizationRegistry {}
let left = 6;
const heard = [];
const registry = new Named((name) => {
  heard.push(name);
  if (--left === 0) console.log(heard.sort().join(), registry instanceof FinalizationRegistry, registry.constructor.name);
});
const token = {};
for (let i = 0; i < 7; i++) registry.register({ i }, `object ${i}`, i === 3 ? token : undefined);
console.log(registry.unregister(token), FinalizationRegistry.name, FinalizationRegistry.length, String(FinalizationRegistry));
try {
  registry.register(token, token);
} catch (error) {
  console.log(error.name);
}
try {
  new FinalizationRegistry(1);
} catch (error) {
  console.log(error.name);
}
let rounds = 0;
function round() {
  let garbage = [];
  for (let i = 0; i < 1e4; i++) garbage.push({ i });
  garbage = undefined;
  collect();
  if (left > 0 && ++rounds < 200) setTimeout(round, 1);
}
round();

const references = Array.from({ length: 5 }, (_, i) => new WeakRef({ i }));
const kept = references[4].deref();
let looks = 0;
const look = setInterval(() => {
  collect();
  const found = references.map((reference) => reference.deref()?.i ?? '-').join('');
  if (found !== '----4' && ++looks < 200) return;
  console.log(found, kept.i, references[0] instanceof WeakRef, references[0].constructor === WeakRef);
  clearInterval(look);
}, 2);
