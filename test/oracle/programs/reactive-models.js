'use strict';
const RAW = Symbol('raw'), proxies = new WeakMap(), deps = new WeakMap(); let active = null;
function reactive(target) {
  if (typeof target !== 'object' || target === null || target[RAW]) return target;
  if (proxies.has(target)) return proxies.get(target);
  const proxy = new Proxy(target, {
    get(t, key, receiver) { if (key === RAW) return t; track(t, key); const v = Reflect.get(t, key, receiver); return typeof v === 'function' && t instanceof Map ? v.bind(t) : reactive(v); },
    set(t, key, value, receiver) { const had = Object.hasOwn(t, key), old = t[key]; const ok = Reflect.set(t, key, value?.[RAW] ?? value, receiver); if (!had || !Object.is(old, value)) trigger(t, key); return ok; },
    deleteProperty(t, key) { const ok = Reflect.deleteProperty(t, key); if (ok) trigger(t, key); return ok; },
    has(t, key) { track(t, key); return key in t; },
    ownKeys(t) { track(t, 'keys'); return Reflect.ownKeys(t); },
  });
  proxies.set(target, proxy); return proxy;
}
function track(t, key) { if (!active) return; let map = deps.get(t); if (!map) deps.set(t, (map = new Map())); let set = map.get(key); if (!set) map.set(key, (set = new Set())); set.add(active); }
function trigger(t, key) { for (const effect of [...(deps.get(t)?.get(key) ?? [])]) effect(); }
function effect(fn) { const run = () => { const outer = active; active = run; try { return fn(); } finally { active = outer; } }; run(); return run; }
const computed = (fn) => { const box = reactive({ value: undefined }); effect(() => { box.value = fn(); }); return box; };
const state = reactive({ user: { name: 'Ann', roles: ['dev'] }, count: 1, m: new Map([['k', 1]]) });
const log = []; const greeting = computed(() => `${state.user.name}/${state.user.roles.length}`);
effect(() => log.push(`count ${state.count} ${'extra' in state} ${Object.keys(state).length}`));
state.count++; state.user.name = 'Bob'; state.user.roles.push('ops'); state.extra = 1; delete state.extra; state.m.set('j', state.m.get('k') + 1);
console.log(log, greeting.value, state.user === state.user, state[RAW].m.size);
const negative = (array) => new Proxy(array, { get: (t, k, r) => (typeof k === 'string' && /^-\d+$/.test(k) ? t[t.length + +k] : Reflect.get(t, k, r)) });
const typed = (schema) => new Proxy({}, { set(t, k, v) { if (typeof v !== schema[k]) throw new TypeError(`${String(k)} is no ${schema[k]}`); t[k] = v; return true; }, defineProperty(t, k, d) { return Reflect.defineProperty(t, k, { ...d, writable: true, configurable: true }); } });
const arr = negative([1, 2, 3]), item = typed({ id: 'number', name: 'string' });
item.id = 4; let err; try { item.name = 5; } catch (e) { err = e.message; }
console.log(arr['-1'], arr.length, arr.map((x) => x * 2), Array.isArray(arr), item, err, JSON.stringify(arr));
const chain = (path = []) => new Proxy(function target() {}, { get: (_, k) => (k === Symbol.toPrimitive ? () => path.join('.') : chain([...path, String(k)])), apply: (_, self, args) => `${path.join('.')}(${args})`, construct: (_, args) => ({ path, args }), has: () => true });
const api = chain(), made = new api.models.User(1, 2);
console.log(`${api.users.byId}`, api.users.list(1, 2), made, 'x' in api);
const { proxy, revoke } = Proxy.revocable({ a: 1 }, {}); const before = proxy.a; revoke(); let gone; try { proxy.a; } catch (e) { gone = e.message; }
class Model { static fields = ['x', 'y']; constructor(data) { this.data = data; return new Proxy(this, { get: (t, k, r) => (Model.fields.includes(k) ? t.data[k] : Reflect.get(t, k, r)), set: (t, k, v, r) => (Model.fields.includes(k) ? ((t.data[k] = v), true) : Reflect.set(t, k, v, r)) }); } sum() { return this.x + this.y; } }
class Sub extends Model { z = 3; sum() { return super.sum() + this.z; } }
const m = new Sub({ x: 1, y: 2 }); m.x = 10; m.z += 1;
console.log(before, gone, m.sum(), m.data, Object.keys(m));
