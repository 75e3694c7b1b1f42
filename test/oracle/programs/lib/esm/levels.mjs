export let level = 1;
export let current = 'low';
export function raise(by) {
  level += by;
  current = level > 2 ? 'high' : 'low';
}
export class Levels {
  now() {
    return `${current} ${level}`;
  }
}
