// node --import tsx
// Standard decorators, as esbuild lowers them.
const log: string[] = [];
function logged<T extends (...args: any[]) => any>(method: T, context: ClassMethodDecoratorContext) {
  const name = String(context.name);
  context.addInitializer(function () { log.push(`init ${name}`); });
  return function (this: unknown, ...args: Parameters<T>): ReturnType<T> {
    log.push(`enter ${name}`);
    const result = method.apply(this, args);
    log.push(`leave ${name}`);
    return result;
  };
}
function bound(_value: undefined, { name }: ClassFieldDecoratorContext) {
  return (initial: number): number => { const more = initial + 1; log.push(`field ${String(name)}`); return more; };
}
function clamp(max: number) {
  return (target: ClassAccessorDecoratorTarget<any, number>, _: ClassAccessorDecoratorContext) => ({
    get(this: any): number { const value = target.get.call(this); return value; },
    set(this: any, value: number): void { const least = Math.min(value, max); target.set.call(this, least); },
  });
}
const sealed = <C extends new (...args: any[]) => object>(ctor: C, { name }: ClassDecoratorContext): C => {
  log.push(`class ${name}`);
  return class extends ctor { sealed = true; } as C;
};
@sealed
class Counter {
  @bound count = 1;
  @clamp(10) accessor level = 3;
  #secret = 7;
  @logged bump(by: number): number { this.count += by; this.level += by * 4; const sum = this.count + this.#secret; return sum; }
  @logged static make(): Counter { const made = new Counter(); return made; }
  @logged get total(): number { return this.count * 2; }
}
const counter = Counter.make();
const sums = [1, 2, 3].map((n) => { const s = counter.bump(n); return s; });
console.log(sums, counter.level, log.length, log.slice(-4));
try { (counter as any).bump.call({}, 1); } catch (error) { console.log((error as Error).name); }
