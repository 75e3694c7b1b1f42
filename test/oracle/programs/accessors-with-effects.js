// Getters and setters that do something, seen through every way to read and write.
const log = [];
class Base { static #made = 0; static get made() { return Base.#made; } static set made(v) { log.push(`made ${v}`); Base.#made = v; } static #check(x) { return #v in x; } static is(x) { return Base.#check(x); }
  #v = 1; get v() { log.push('get v'); return this.#v; } set v(x) { log.push(`set v ${x}`); this.#v = x; } get #own() { return this.#v * 10; } set #own(x) { this.#v = x / 10; }
  bump() { this.#own += 10; const o = this.#own; return o; } swap(other) { [this.#v, other.#v] = [other.#v, this.#v]; return this; } }
class Derived extends Base { get v() { const up = super.v; return up + 0.5; } set v(x) { super.v = x * 2; log.push(super.v); } all() { super.bump(); const { v, v: w = 3 } = this; return [v, w]; } }
const d = new Derived(), e = new Derived();
d.v++; d.v += 3; d.v ??= 9; d.v &&= d.v - 1; d.v ||= 5; const post = d.v--, pre = --d.v;
({ v: d.v, x: e.v = 4 } = { v: 2 }); [d.v, ...e.rest] = [7, 8, 9]; for (d.v of [1, 2]) log.push('loop'); for (e.v in { k: 1 }) log.push(e.v);
const swapped = d.swap(e).bump(), pair = d.all();
const lazy = { get once() { delete this.once; log.push('computed'); return (this.once = { n: 1 }); }, n: 2, get ['comp' + 'uted']() { return this.n; }, set computed(x) { this.n = x; } };
const l1 = lazy.once, l2 = lazy.once; lazy.computed = lazy.computed + 5; const { computed, ...others } = lazy; const spread = { ...lazy, n: 0 };
Object.defineProperty(lazy, 'hid', { get() { log.push('hid'); return this.n; }, configurable: true }); const hid = lazy.hid, keys = Object.keys(lazy);
const arr = []; Object.defineProperty(arr, '1', { get() { return arr.length; }, set(x) { log.push(`1=${x}`); }, enumerable: true }); arr.push.call({ length: 3, set 3(x) { log.push(`3=${x}`); } }, 'p'); arr[1] = 6; const sum = [...arr];
const o = Object.create({ set inh(x) { this.own = x; }, get ro() { return 1; } }); o.inh = 5; let ro; try { 'use strict'; (() => { 'use strict'; o.ro = 2; })(); } catch (err) { ro = err.message; }
console.log(post, pre, swapped, pair, l1 === l2, computed, others, spread, hid, keys, sum, o.own, ro, Base.is(d), Base.is({}), Base.made, log.length, log.slice(-6));
