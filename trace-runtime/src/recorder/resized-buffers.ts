/**
 * Buffers whose length changes, and the views of them that the recording knows: a view shows more or less of its buffer
 * then, which only the view itself tells.
 */
import {
  dataViewBytes,
  dataViewOffset,
  deref,
  is,
  isGrowable,
  isResizable,
  OwnWeakMap,
  OwnWeakRef,
} from './primordials.ts';

export interface ResizedBuffers {
  /** A view is being defined. */
  seen(buffer: ArrayBufferLike, view: object): void;
  /** Calls `anew` for a buffer whose length has changed, and for the views of it. */
  changed(buffer: ArrayBufferLike, anew: (object: object) => void): void;
}

/** List lengths at which views that are gone are looked for. */
const SWEPT = 64;

export function createResizedBuffers(): ResizedBuffers {
  const viewsOf = new OwnWeakMap<object, WeakRef<object>[]>();

  return {
    seen(buffer, view) {
      if (!(is.isSharedArrayBuffer(buffer) ? isGrowable(buffer) : isResizable(buffer))) return;
      let views = viewsOf.get(buffer);
      if (views === undefined) viewsOf.set(buffer, (views = []));
      for (let i = 0; i < views.length; i++) if (deref(views[i]!) === view) return;
      if (views.length % SWEPT === SWEPT - 1) viewsOf.set(buffer, (views = living(views)));
      views[views.length] = new OwnWeakRef(view);
    },
    changed(buffer, anew) {
      anew(buffer);
      const views = viewsOf.get(buffer);
      if (views === undefined) return;
      const left = living(views);
      viewsOf.set(buffer, left);
      for (let i = 0; i < left.length; i++) {
        const view = deref(left[i]!);
        if (view !== undefined) anew(view);
      }
    },
  };
}

function living(views: readonly WeakRef<object>[]): WeakRef<object>[] {
  const left: WeakRef<object>[] = [];
  for (let i = 0; i < views.length; i++) if (deref(views[i]!) !== undefined) left[left.length] = views[i]!;
  return left;
}

/** What a DataView shows now; nothing where it lies outside of its buffer, and where that was given away. */
export function dataViewRange(view: object): readonly [offset: number, length: number] {
  try {
    return [dataViewOffset(view), dataViewBytes(view)];
  } catch {
    return [0, 0];
  }
}
