import { stateA, describeA, constantA, KindA } from './ring-a.mjs';
import * as whole from './ring-a.mjs';
export const fromB = [];
export let labelB = 'b0';
const tries = [() => stateA, () => constantA, () => KindA, () => whole.stateA, () => whole.describeA];
for (const attempt of tries) {
  try {
    fromB.push(typeof attempt());
  } catch (error) {
    fromB.push(error.name);
  }
}
labelB = typeof describeA;
export function describeB() {
  return `B(${stateA}, ${KindA.made})`;
}
export default [labelB];
