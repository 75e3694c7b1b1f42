// an ORM with proxies: lazy relations, dirty tracking, query builder by proxies, has/ownKeys/deleteProperty traps
'use strict';
const tables = { users: [{ id: 1, name: 'Ann', teamId: 1 }, { id: 2, name: 'Bob', teamId: 2 }, { id: 3, name: 'Cy', teamId: 1 }], teams: [{ id: 1, title: 'Red' }, { id: 2, title: 'Blue' }] };
const dirty = new WeakMap(), identity = new Map();
const trace = [];
class Model {
  static relations = {};
  static get table() { return `${this.name.toLowerCase()}s`; }
  static _wrap(row) {
    const key = `${this.table}#${row.id}`;
    const known = identity.get(key)?.deref();
    if (known) return known;
    const target = Object.assign(new this(), row);
    dirty.set(target, new Set());
    const model = this;
    const proxy = new Proxy(target, {
      get(t, name, receiver) {
        if (name in model.relations) { trace.push(`load ${model.name}.${String(name)}`); return model.relations[name](receiver); }
        if (name === 'dirty') return [...dirty.get(t)];
        const v = Reflect.get(t, name, receiver);
        return typeof v === 'function' && name !== 'constructor' ? v.bind(receiver) : v;
      },
      set(t, name, value, receiver) { if (name === 'id') return false; if (t[name] !== value) dirty.get(t).add(name); return Reflect.set(t, name, value, receiver); },
      defineProperty(t, name, d) { trace.push(`define ${String(name)}`); return Reflect.defineProperty(t, name, d); },
      has: (t, name) => name in model.relations || Reflect.has(t, name),
      ownKeys: (t) => [...Reflect.ownKeys(t), ...Object.keys(model.relations)],
      getOwnPropertyDescriptor: (t, name) => name in model.relations ? { value: undefined, enumerable: true, configurable: true } : Reflect.getOwnPropertyDescriptor(t, name),
      deleteProperty(t, name) { if (name === 'id') return false; dirty.get(t).add(`-${String(name)}`); return delete t[name]; },
    });
    identity.set(key, new WeakRef(proxy));
    return proxy;
  }
  static where = new Proxy({}, { get: (_, field) => new Proxy(function () {}, { get: (_, op) => (value) => ({ field, op, value }) }) });
  static find(...conditions) {
    const ops = { eq: (a, b) => a === b, gt: (a, b) => a > b, in: (a, b) => b.includes(a), like: (a, b) => b.test(a) };
    return tables[this.table].filter((row) => conditions.every(({ field, op, value }) => ops[op](row[field], value))).map((row) => this._wrap(row));
  }
  save() { const row = tables[this.constructor.table].find((r) => r.id === this.id); for (const f of this.dirty) if (f[0] === '-') delete row[f.slice(1)]; else row[f] = this[f]; return this.dirty.length; }
  toJSON() { return { ...this, _: this.constructor.name }; }
}
class Team extends Model { static relations = { members: (self) => User.find(User.where.teamId.eq(self.id)) }; }
class User extends Model {
  static relations = { team: (self) => Team.find(Team.where.id.eq(self.teamId))[0] };
  get shout() { return this.name.toUpperCase(); }
  set shout(v) { this.name = v.toLowerCase(); }
}
const [ann, cy] = User.find(User.where.teamId.eq(1));
console.log(ann.name, ann.team.title, ann.team.members.map((m) => m.name), ann === User.find(User.where.name.like(/^A/))[0]);
ann.shout = 'ANNA'; ann.teamId = 2; cy.extra = { a: 1 };
console.log(ann.dirty, cy.dirty, 'team' in ann, 'nope' in ann, Object.keys(ann), ann.team.title);
try { ann.id = 9; } catch (e) { console.log(e.name, e.message); }
try { delete ann.id; } catch (e) { console.log(e.name, e.message); }
delete cy.extra; delete cy.name;
console.log(ann.save(), cy.save(), tables.users);
console.log(JSON.stringify([ann, cy], (k, v) => (v instanceof Model && k ? v.id : v)), Object.entries(cy).length);
const { name, ...rest } = ann; console.log(name, rest);
const frozen = Object.freeze(User.find(User.where.id.in([2]))[0]);
console.log(Object.isFrozen(frozen), trace);
const revocable = Proxy.revocable({ a: 1 }, {}); console.log(revocable.proxy.a); revocable.revoke();
try { revocable.proxy.a; } catch (e) { console.log(e.message); }
const callable = new Proxy(class K { constructor(x) { this.x = x; this.nt = new.target.name; } }, { construct(t, args, nt) { return Reflect.construct(t, args.map((a) => a * 2), nt); }, apply: (t, self, args) => ['applied', ...args] });
console.log(new callable(4), callable(1, 2), new (class Sub extends callable {})(5));
