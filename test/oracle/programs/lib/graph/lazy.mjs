export let count = 0;
export const bump = () => (count += 1);
export default (n) => {
  while (n--) bump();
  return count;
};
const hidden = await Promise.resolve([1]);
export { hidden as list };
