class K { #v = 0; w = 0; static #s = 1; get #acc() { return this.#v; } set #acc(x) { this.#v = x * 10; } run() { const o = this; for (this.#v of [1, 2]) note(this.#v); for (o.#v in { a: 1 }) note(o.#v); for (K.#s of [5, 6]) note(K.#s); for (this.#acc of [7]) note(this.#v); for ({ w: this.#v, x: o.w = 3 } of [{ w: 8 }, { w: 9, x: 4 }]) note(this.#v, o.w); for ([this.#v, ...K.l] of [[1, 2, 3]]) note(this.#v); return this.#v; } static l; }
class F { a = 1; #list = []; count = this.size; more = this.list.length; get size() { note(this.a, this.#list); return this.#list.length; } get list() { note(this.count); return this.#list; } constructor() { note(this.count); } }
class D extends F { own = 5; b = super.size; get size() { note(this.own); return 1; } c = this.size; }
const log = []; function note(...a) { log.push(JSON.stringify(a)); return a; }
new K().run(); new F(); new D(); console.log(log.join());
