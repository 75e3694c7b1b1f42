/** Error.captureStackTrace: it gives any object a `stack`, whose text V8 makes at the first look. */
import type { Realm } from './builtins.ts';
import { apply } from './primordials.ts';

export function replaceErrorFunctions(realm: Realm): void {
  const { stackTexts } = realm.parts;
  realm.replace(realm.find('Error'), 'captureStackTrace', (original) => {
    const holder = {
      captureStackTrace(this: unknown, target: unknown, above: unknown): unknown {
        // the stack begins above this frame, as it does for the original
        const result = apply(original, this, [target, typeof above === 'function' ? above : holder.captureStackTrace]);
        stackTexts.captured(target as object);
        if (realm.known(target)) realm.lazyStack(target as object);
        return result;
      },
    };
    return holder;
  });
}
