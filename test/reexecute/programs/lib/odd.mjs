import even, { name } from './even.mjs';

export const other = () => name;
export default function odd(n) {
  return n === 0 ? false : even(n - 1);
}
