import { fromB, labelB, describeB } from './ring-b.mjs';
export let stateA = 'a0';
export const constantA = { name: 'A' };
export function describeA() {
  return `A(${stateA}, ${fromB.length}, ${labelB})`;
}
export class KindA {
  static made = 0;
  constructor() {
    KindA.made++;
    this.text = describeB();
  }
}
stateA = 'a1';
export function moveA(next) {
  const old = stateA;
  stateA = next;
  return old;
}
