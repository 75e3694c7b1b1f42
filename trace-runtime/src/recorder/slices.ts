/**
 * Views that the program has sliced from a view that the recording knows: their bytes are known with it, so that slicing a
 * buffer many times does not record it as often.
 */
export interface Slices {
  add(view: object): void;
  has(view: object): boolean;
}

/** Returns what it is given, so that a subclass puts its field on an object that exists. */
const Host = function (object: object): object {
  return object;
} as unknown as new (object: object) => object;

export function createSlices(): Slices {
  class Slice extends Host {
    readonly #slice = true;

    static has(this: void, view: object): boolean {
      return #slice in view && (view as Slice).#slice;
    }
  }
  return {
    add(view) {
      // a species may return the same view again
      if (!Slice.has(view)) new Slice(view);
    },
    has: Slice.has,
  };
}
