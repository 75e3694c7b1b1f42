export let value = 1;
export const history = [];
export function setValue(next) {
  history.push([value, next]);
  value = next;
}
export class Box {
  #steps = 0;
  constructor(content) {
    this.content = content;
  }
  map(f) {
    this.content = f(this.content);
    this.#steps++;
    return this;
  }
}
export default function square(n) {
  return n * n;
}
