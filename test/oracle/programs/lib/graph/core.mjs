import { Shape, setScale, kinds } from './shapes.mjs';
export const registry = new Map();
export let total = 0;
export { setScale as rescale };
export default function start(shape) {
  if (!(shape instanceof Shape)) throw new TypeError('no shape');
  registry.set(shape.id, shape);
  total += shape.size;
  kinds.push(`after ${shape.constructor.name}`);
  return shape;
}
export function early() {
  try {
    return Shape.name;
  } catch (e) {
    return e.name;
  }
}
