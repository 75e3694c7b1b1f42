export let count = 0;
export let last;
export const add = (what) => {
  count++;
  last = what;
  return count;
};
export default function reset() {
  const old = count;
  [count, last] = [0, undefined];
  return old;
}
