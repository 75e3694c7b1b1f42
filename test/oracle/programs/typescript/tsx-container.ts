// node --import tsx
// a DI container: standard decorators, accessors, metadata by WeakMap, scopes, cycles, private statics, enums
enum Scope { Singleton, Transient, Request = 'request' as any }
type Ctor<T = unknown> = new (...args: any[]) => T;
const meta = new WeakMap<object, { scope: Scope; deps: Token[]; init: string[] }>();
class Token<T = unknown> { static #all = new Map<string, Token>(); declare readonly _t: T; private constructor(readonly name: string, protected hits = 0) {} static of<T>(name: string): Token<T> { let t = Token.#all.get(name); if (!t) Token.#all.set(name, (t = new Token(name))); t.hits++; return t as Token<T>; } get uses() { return this.hits; } }
function injectable(scope: Scope = Scope.Singleton, ...deps: Token[]) { return <C extends Ctor>(target: C, ctx: ClassDecoratorContext<C>) => { meta.set(target, { scope, deps, init: [] }); ctx.addInitializer(function () { log(`class ${ctx.name} ready ${this === target}`); }); return undefined as void; }; }
function measured<This, A extends unknown[], R>(fn: (this: This, ...a: A) => R, ctx: ClassMethodDecoratorContext) { const name = String(ctx.name); let n = 0; ctx.addInitializer(function () { log(`init ${name}`); }); return function (this: This, ...a: A): R { log(`${name}#${++n}(${a.join()})`); try { return fn.apply(this, a); } finally { log(`${name} end`); } }; }
function bound(_: unknown, ctx: ClassMethodDecoratorContext) { ctx.addInitializer(function (this: any) { this[ctx.name] = this[ctx.name].bind(this); }); }
function observed<T, V>(target: ClassAccessorDecoratorTarget<T, V>, ctx: ClassAccessorDecoratorContext<T, V>): ClassAccessorDecoratorResult<T, V> { return { get() { return target.get.call(this); }, set(v) { log(`${String(ctx.name)}: ${String(target.get.call(this))} -> ${String(v)}`); target.set.call(this, v); }, init: (v) => (log(`start ${String(v)}`), v) }; }
const doubled = (_: undefined, ctx: ClassFieldDecoratorContext) => (v: number) => v * 2 + (ctx.static ? 1 : 0);
const lines: string[] = []; const log = (s: string) => void lines.push(s);
class Container {
  readonly #bindings = new Map<Token, Ctor | (() => unknown)>(); #singles = new Map<Token, unknown>(); #stack: Token[] = [];
  constructor(private readonly parent?: Container) {}
  bind<T>(token: Token<T>, to: Ctor<T> | (() => T)): this { this.#bindings.set(token, to); return this; }
  get<T>(token: Token<T>): T {
    if (this.#stack.includes(token)) throw new Error(`cycle ${[...this.#stack, token].map((t) => t.name).join(' > ')}`);
    if (this.#singles.has(token)) return this.#singles.get(token) as T;
    const to = this.#bindings.get(token);
    if (!to) return this.parent?.get(token) ?? (() => { throw new TypeError(`unbound ${token.name}`); })();
    this.#stack.push(token);
    try { const m = meta.get(to); const made = m ? new (to as Ctor<T>)(...m.deps.map((d) => this.get(d))) : (to as () => T)(); if (m?.scope !== Scope.Transient) this.#singles.set(token, made); return made; }
    finally { this.#stack.pop(); }
  }
}
const TLog = Token.of<Logger>('log'), TDb = Token.of<Db>('db'), TApp = Token.of<App>('app'), TA = Token.of('a'), TB = Token.of('b');
@injectable() class Logger { @doubled level = 2; @doubled static count = 5; @bound write(...parts: unknown[]) { log([this.level, ...parts].join(' ')); return this; } }
@injectable(Scope.Transient, TLog) class Db { static #opened = 0; @observed accessor url = 'mem:'; readonly id = ++Db.#opened; constructor(protected readonly logger: Logger) { logger.write('open', this.id); } @measured query(sql: string, ...rest: number[]) { if (!sql) throw new RangeError('empty'); return `${this.url}${sql}${rest.length}`; } }
@injectable(undefined, TDb, TDb, TLog) class App { constructor(public a: Db, public b: Db, { write }: Logger) { write('app'); this.a.url = 'file:'; } @measured run() { return [this.a.query('x', 1), this.b.query('y'), this.a.id !== this.b.id] as const; } }
@injectable(Scope.Singleton, TB) class A {} @injectable(Scope.Singleton, TA) class B {}
const root = new Container().bind(TLog, Logger).bind(TDb, Db); const child = new Container(root).bind(TApp, App).bind(TA, A).bind(TB, B);
console.log(child.get(TApp).run(), child.get(TApp) === child.get(TApp), Logger.count, Scope[0], Scope.Request);
for (const f of [() => child.get(TA), () => child.get(Token.of('none')), () => child.get(TApp).a.query('')]) try { f(); } catch (e) { console.log((e as Error).message); }
namespace Util { export const x = 1; export function f() { return x + y; } let y = 2; export namespace In { export const z = f(); } } console.log(Util, TLog.uses, TA satisfies Token, lines);
