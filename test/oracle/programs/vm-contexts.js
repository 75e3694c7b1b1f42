// contexts of vm: clocks that are their own, the program's, or shared; what they hold afterwards
const vm = require('vm');
class Fake extends Date { static now() { return 42; } }
const given = { Date: Fake, Math, Error, out: [] };
const ctx = vm.createContext(given);
console.log(given.Date === Fake, vm.runInContext('Date.now()', ctx), Object.getOwnPropertyNames(Fake), vm.runInContext('Math', ctx) === Math);
const plain = vm.createContext();
console.log(Object.getOwnPropertyNames(plain), vm.runInContext('typeof Date.now() + typeof Math.random() + new Intl.DateTimeFormat("en").format().length', plain).slice(0, 12), vm.runInContext('Date.name + Date.length + new Date(0).constructor.name + (new Date(5) instanceof Date) + Object.getOwnPropertyNames(globalThis).includes("Date")', plain));
const inherits = vm.createContext(Object.create({ Date: Fake })); console.log(vm.runInContext('Date.now()', inherits), Object.keys(inherits));
vm.runInContext('Date = 5; var Math = { random: () => 1 }', plain); console.log(plain);
const frozen = vm.createContext(Object.freeze({ a: 1 })); console.log(vm.runInContext('typeof Date.now() + a', frozen), Object.getOwnPropertyNames(frozen));
console.log(vm.runInNewContext('typeof Date.now() + x', { x: 1 }));
