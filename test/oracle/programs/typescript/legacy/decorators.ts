// node --import tsx
// Decorators of TypeScript's own (experimentalDecorators), as esbuild lowers them.
const registry = new Map<string, string[]>();
function note(kind: string) {
  return (target: any, key?: string | symbol, third?: any): any => {
    const owner = typeof target === 'function' ? target.name : target.constructor.name;
    const list = registry.get(owner) ?? [];
    list.push(`${kind} ${String(key)} ${typeof third}`);
    registry.set(owner, list);
  };
}
function twice(_target: object, _key: string, descriptor: PropertyDescriptor): PropertyDescriptor {
  const inner = descriptor.value as (...args: number[]) => number;
  return { ...descriptor, value(this: unknown, ...args: number[]) { const once = inner.apply(this, args); return once * 2; } };
}
function frozen<T extends new (...args: any[]) => object>(ctor: T): T {
  return class extends ctor { constructor(...args: any[]) { super(...args); Object.freeze(this); } };
}
const param = (target: object, key: string | undefined, index: number): void => { note(`param ${index}`)(target, key); };
namespace Shop { export let sold = 0; export enum State { Open, Closed = 'closed' } }
@frozen
@note('class')
class Order {
  @note('field') amount = 2;
  @note('static') static last: Order | undefined;
  constructor(public readonly id: number, private price: number = 5) { Shop.sold += price; }
  @twice total(@param factor: number): number { const t = this.amount * this.price * factor; return t; }
  @note('accessor') get state(): Shop.State { return this.id > 1 ? Shop.State.Open : Shop.State.Closed; }
}
const orders = [1, 2, 3].map((id) => new Order(id));
const totals = orders.map((order) => { const t = order.total(order.id); return t; });
console.log(totals, Shop.sold, orders.map(({ state }) => state), Object.isFrozen(orders[0]));
console.log([...registry].map(([name, list]) => `${name}: ${list.join(', ')}`));
