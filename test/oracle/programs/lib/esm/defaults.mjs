export { moveA, stateA } from './ring-a.mjs';
let changing = 1;
export default function next() {
  return changing++;
}
export { changing as current, next as again };
