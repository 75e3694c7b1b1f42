// captureStackTrace, prepareStackTrace, stackTraceLimit, causes, custom inspect, errors through layers
'use strict';
const path = require('path'), util = require('util');
const strip = (s) => String(s).replaceAll(__dirname, '.').replace(/node:[^)\n]*/g, 'node').split('\n').slice(0, 4).join(' | ');
class Base extends Error { constructor(m, o) { super(m, o); if (Error.captureStackTrace) Error.captureStackTrace(this, new.target); this.name = new.target.name; } [util.inspect.custom](d, opts) { return `<${this.name} ${this.message}${this.cause ? ' <- ' + util.inspect(this.cause, opts) : ''}>`; } }
class NotFound extends Base { status = 404; constructor(what, ...rest) { super(`no ${what}`, ...rest); this.what = what; } }
class Wrapped extends Base { get root() { let e = this; while (e.cause instanceof Error) e = e.cause; return e; } }
function load(id) { if (id > 2) throw new NotFound(`item ${id}`); if (id < 0) null.id; if (id === 0) undefinedFunction(); return { id }; }
function service(id) { try { return load(id); } catch (e) { throw new Wrapped(`service ${id}`, { cause: e }); } }
for (const id of [1, 3, -1, 0]) try { console.log(service(id)); } catch (e) { console.log(util.inspect(e), e.root.constructor.name, strip(e.stack), strip(e.root.stack), e.status, e.root.status); }
function where() { const o = {}; Error.captureStackTrace(o, where); return strip(o.stack); }
console.log(where(), Object.getOwnPropertyDescriptor({ __proto__: null, ...((o) => (Error.captureStackTrace(o), o))({}) }, 'stack')?.enumerable);
const was = Error.prepareStackTrace;
Error.prepareStackTrace = (err, frames) => frames.filter((f) => f.getFileName() === __filename).slice(0, 3).map((f) => ({ fn: f.getFunctionName(), method: f.getMethodName(), type: f.getTypeName(), line: f.getLineNumber(), file: path.basename(f.getFileName() ?? ''), ctor: f.isConstructor(), top: f.isToplevel(), async: f.isAsync?.() }));
class Site { static here() { return new Error('x').stack; } get there() { return new Error('y').stack; } constructor() { this.made = new Error('z').stack; } ['comp' + 'uted']() { return new Error('c').stack; } static #p = () => new Error('p').stack; static p() { return Site.#p(); } }
console.log(Site.here(), new Site().there, new Site().made, new Site().computed(), Site.p());
console.log([1].map(() => new Error('in map').stack)[0], (() => new Error('arrow').stack)(), eval('new Error("e").stack').length, new Function('return new Error("f").stack')().length);
const o = { m() { return new Error().stack; }, get g() { return new Error().stack; }, f: function () { return new Error().stack; }, a: () => new Error().stack, async as() { await null; return new Error().stack; }, *gen() { yield new Error().stack; } };
console.log(o.m(), o.g, o.f(), o.a(), o.gen().next().value);
o.as().then((s) => { console.log(s); Error.prepareStackTrace = was; Error.stackTraceLimit = 1; console.log(strip(new Error('limited').stack)); Error.stackTraceLimit = 0; console.log(new Error('none').stack); delete Error.stackTraceLimit; console.log(new Error('deleted').stack); Error.stackTraceLimit = 10; late(); });
function late() {
  const e = new Error('lazy'); e.message = 'changed'; console.log(strip(e.stack).split(' | ')[0]); e.stack = 'mine'; console.log(e.stack, Object.keys(e));
  const all = new AggregateError([new NotFound('a'), new TypeError('b')], 'many', { cause: 'c' }); console.log(util.inspect(all, { depth: 1 }).split('\n')[0].replaceAll(__dirname, '.'), all.errors.map(String), all.cause);
  for (const f of [() => null.x, () => undefined.x.y, () => { const { a } = null; }, () => { const [a] = {}; }, () => (1)(), () => ({}).x(), () => new (class A { constructor() { this.#p; } #p = null.z; })(), () => { let q = q + 1; }, () => { const k = 1; k = 2; }, () => Symbol() + '', () => [].reduce((a) => a), () => 'x'.repeat(-1), () => new Array(-1), () => (1.5).toFixed(101), () => decodeURIComponent('%'), () => JSON.parse('{bad'), () => structuredClone(() => {}), () => Object.defineProperty(Object.freeze([]), 0, { value: 1 }), () => new Proxy({}, null), () => Reflect.ownKeys(1), () => class A extends 5 {}, () => { class A extends Object { constructor() {} } new A(); }, () => Promise(), () => Map(), () => new Map([1]), () => o.m.n.p, () => o?.zz.y, () => o.m()(), () => o['a' + 'b'](), () => (void 0)?.x.y ?? null.q, () => BigInt('x'), () => null[Symbol.iterator], () => { for (const x of 5); }, () => { for (const [a] of [1]); }, () => [...{}], () => Math.max(...null), () => new o.a(), () => ({}) instanceof 5, () => 'a' in 'b', () => super_()]) try { f(); console.log('fine', f.toString()); } catch (e) { console.log(`${e.name}: ${e.message}`); }
}
