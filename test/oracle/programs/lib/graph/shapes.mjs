import { early, registry, total } from './core.mjs';
import { createRequire } from 'node:module';
export let version = `v${early()}`;
export let scale = 1;
export let last;
export const kinds = [];
export class Shape {
  static #n = 0;
  id = ++Shape.#n;
  constructor(size) {
    this.size = size;
    last = this;
    kinds.push(new.target.name);
  }
  get known() {
    return registry.get(this.id) === this;
  }
}
export class Circle extends Shape {
  get area() {
    return Math.PI * this.size ** 2 * scale;
  }
}
export class Square extends Shape {
  area = this.size ** 2;
}
export const area = (s) => (s.known ? s.area : -total);
export function setScale(n) {
  scale = n;
  version += `/${n}`;
}
const require = createRequire(import.meta.url);
export const { calls: atStart } = require('./legacy.cjs');
export * as self from './shapes.mjs';
await null;
export { default as begin } from './core.mjs';
