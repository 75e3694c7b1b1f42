import odd from './odd.mjs';

export const name = 'even';
export default function even(n) {
  return n === 0 ? true : odd(n - 1);
}
