'use strict';
// Class hierarchies: super calls, super properties, statics, computed methods, instance fields, toString tags.
const registry = new Map();
class Shape {
  static count = 0;
  name = `shape-${++Shape.count}`;
  tags = [];
  constructor(...tags) {
    this.tags.push(...tags);
    registry.set(this.name, this);
  }
  area() {
    return 0;
  }
  describe() {
    return `${this.constructor.name} ${this.name} ${this.area().toFixed(1)}`;
  }
  static create(...args) {
    return new this(...args);
  }
  get [Symbol.toStringTag]() {
    return 'Shape';
  }
}
class Rectangle extends Shape {
  sides = 4;
  constructor(width, height) {
    const tag = width === height ? 'square' : 'oblong';
    super(tag);
    this.width = width;
    this.height = height;
  }
  area() {
    return this.width * this.height + super.area();
  }
}
class Square extends Rectangle {
  constructor(size) {
    super(size, size);
    this.name += '-sq';
  }
  describe = () => `[${super.describe()}]`;
  static create(size) {
    const made = super.create(size);
    made.origin = 'Square.create';
    return made;
  }
}
const Anonymous = class extends Shape {
  ['comp' + 'uted'](n = 2) {
    return n ** 2;
  }
};
const shapes = [new Shape('plain'), new Rectangle(2, 3), Square.create(3), new Anonymous()];
const lines = shapes.map((shape) => shape.describe());
const areas = Object.fromEntries(shapes.map((shape) => [shape.name, shape.area()]));
const tags = shapes.map(String);
const chain = [];
for (let proto = Square; proto; proto = Object.getPrototypeOf(proto)) chain.push(proto.name ?? '?');
let failure;
try {
  class Broken extends Shape {
    constructor() {
      this.early = true;
    }
  }
  new Broken();
} catch (error) {
  failure = error;
}
console.log(lines, areas, tags, chain, failure.name, shapes[3].computed(), registry.size, Shape.count);
