'use strict';
// Prototype-style inheritance, mixins, method borrowing, instanceof, constructor returns, dynamic method tables.
function Animal(name) {
  if (!(this instanceof Animal)) return new Animal(name);
  this.name = name;
  this.log = [];
}
Animal.prototype.say = function (sound = 'noise') {
  this.log.push(sound);
  return `${this.name}: ${sound}`;
};
function Dog(name, breed) {
  Animal.call(this, name);
  this.breed = breed;
}
Dog.prototype = Object.create(Animal.prototype, { constructor: { value: Dog, writable: true, configurable: true } });
Dog.prototype.say = function () {
  return Animal.prototype.say.call(this, 'woof') + '!';
};
const CanSwim = (Base) => class extends Base {
  swim(metres) {
    this.distance = (this.distance ?? 0) + metres;
    return this;
  }
};
const CanFly = { fly() { return `${this.name} flies`; } };
class Duck extends CanSwim(Object) {
  constructor(name) {
    super();
    this.name = name;
  }
}
Object.assign(Duck.prototype, CanFly);
const rex = new Dog('Rex', 'collie');
const generic = Animal('Generic');
const donald = new Duck('Donald').swim(5).swim(7);
const said = [rex.say(), generic.say(), generic.say('moo'), donald.fly()];
const checks = [rex instanceof Animal, Object.create(Dog.prototype) instanceof Dog, donald instanceof Animal];
function Singleton() {
  if (Singleton.instance) return Singleton.instance;
  Singleton.instance = this;
  this.uses = 0;
}
Singleton.prototype.use = function () {
  return ++this.uses;
};
new Singleton().use();
const uses = new Singleton().use();
Animal.prototype.say = function () {
  return 'replaced';
};
const afterwards = [generic.say(), rex.say()];
const own = Object.keys(rex);
const all = [];
for (const key in rex) all.push(key);
const borrowed = Array.prototype.map.call({ length: 2, 0: 'x', 1: 'y' }, (value) => value + value);
const methods = Object.fromEntries(['up', 'down'].map((name, i) => [name, { [name]() { return i; } }[name]]));
methods.up.meta = { calls: methods.down() };
console.log(said, checks, uses, afterwards, own, all, borrowed, methods.up.name, methods.up.meta);
