/** A drift's shape: what is compared when it is asked whether it has been seen before. */
import { WIDTH } from './residual-detector.ts';

export const SHAPE_LENGTH = WIDTH;
/** standard deviations that may be chance */
const CHANCE = 1.5;

/**
 * From deviations of the signals over a short and a long stretch: their signed logarithms beyond what may be chance, as a
 * vector of length 1. So a drift of twice the strength has nearly the same shape. All zeros where nothing deviates.
 */
export function shapeOf(deviations: Float64Array): Float32Array {
  const shape = Float32Array.from(deviations, (deviation) => {
    const beyond = Math.max(0, Math.abs(deviation) - CHANCE);
    return Math.sign(deviation) * Math.asinh(beyond / 2);
  });
  const length = Math.hypot(...shape);
  return length > 0 ? shape.map((value) => value / length) : shape;
}
