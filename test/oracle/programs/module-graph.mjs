// a module graph with cycles, live bindings, re-exports, namespaces, dynamic imports, default functions, CommonJS in it, top-level await
import start, { registry, total as sum, default as again } from './lib/graph/core.mjs';
import * as shapes from './lib/graph/shapes.mjs';
import { area, Circle, version as shapesVersion, kinds } from './lib/graph/shapes.mjs';
import legacy, { helper } from './lib/graph/legacy.cjs';
const log = [];
log.push(start === again, sum, shapesVersion, kinds.join(), Object.keys(shapes).join());
const c = start(new Circle(2));
log.push(area(c).toFixed(2), sum, registry.size, shapes.last === c, shapes.version);
const lazy = await import('./lib/graph/lazy.mjs');
log.push(
  lazy.bump(),
  lazy.count,
  lazy.bump(),
  lazy.count,
  lazy.default?.(3),
  Object.isFrozen(lazy),
  Reflect.ownKeys(lazy).map(String).join(),
);
const { count: fixed, bump, ...others } = lazy;
bump();
log.push(fixed, lazy.count, Object.keys(others).join());
log.push(legacy.calls, helper('x'), legacy.calls, legacy.nested.deep.list.push(1), helper === legacy.helper);
try {
  shapes.version = 2;
} catch (e) {
  log.push(e.name, e.message);
}
try {
  lazy.extra = 1;
} catch (e) {
  log.push(e.message);
}
const all = await Promise.allSettled([
  import('./lib/graph/broken.mjs'),
  import('./lib/graph/missing.mjs'),
  import('./lib/graph/lazy.mjs?v=2'),
]);
log.push(
  all.map(({ status, value, reason }) =>
    reason
      ? `${reason.name}: ${String(reason.message).split(/ [‘'"/]/)[0]} ${reason.code ?? ''}`
      : `${status} ${value.count}`,
  ),
);
shapes.setScale(3);
log.push(
  shapes.scale,
  area(c).toFixed(1),
  shapes.Square.prototype instanceof shapes.Shape,
  (() => {
    for (const k in shapes) if (k === 'scale') return shapes[k];
  })(),
);
export let done = false;
import { done as mine } from './module-graph.mjs';
done = true;
log.push(mine);
console.log(log);
