'use strict';
// A dependency-injection container: tokens are symbols, instances are lazy proxies, lifetimes are scopes that close.
const token = (description) => Symbol(description);
const tokens = { clock: token('clock'), log: token('log'), users: token('users'), mailer: token('mailer') };
const inject = Symbol('inject');
class Container {
  #factories = new Map();
  #made = new Map();
  #path = [];
  constructor(parent) {
    this.parent = parent ?? null;
  }
  register(key, factory, { lifetime = 'single' } = {}) {
    this.#factories.set(key, { factory, lifetime });
    return this;
  }
  has = (key) => this.#factories.has(key) || (this.parent?.has(key) ?? false);
  get(key) {
    if (this.#made.has(key)) return this.#made.get(key);
    const found = this.#factories.get(key);
    if (!found) {
      if (this.parent) return this.parent.get(key);
      throw new ReferenceError(`nothing for ${String(key)} via ${this.#path.map(String).join(' > ') || 'no one'}`);
    }
    if (this.#path.includes(key)) throw new Error(`circle at ${key.description}`);
    this.#path.push(key);
    try {
      const { factory, lifetime } = found;
      const wanted = (factory[inject] ?? []).map((each) => this.get(each));
      const made = factory.prototype?.constructor === factory ? new factory(...wanted) : factory(...wanted);
      if (lifetime === 'single') this.#made.set(key, made);
      return made;
    } finally {
      this.#path.pop();
    }
  }
  lazy(key) {
    let target;
    const reach = () => (target ??= this.get(key));
    return new Proxy(Object.create(null), {
      get(_, name) {
        const value = Reflect.get(reach(), name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
      has: (_, name) => name in reach(),
      set(_, name, value) {
        reach()[name] = value;
        return true;
      },
    });
  }
  close() {
    const closed = [];
    for (const [key, made] of [...this.#made].reverse()) {
      made?.[Symbol.for('close')]?.();
      closed.push(key.description);
    }
    this.#made.clear();
    return closed;
  }
}
class Clock {
  #now = 0;
  get now() {
    return (this.#now += 5);
  }
}
class Log {
  static [inject] = [tokens.clock];
  lines = [];
  constructor(clock) {
    this.clock = clock;
  }
  write(text, level = 'info') {
    this.lines.push({ at: this.clock.now, level, text });
    return this.lines.length;
  }
  [Symbol.for('close')]() {
    this.write('closed', 'debug');
  }
}
const users = Object.assign(
  (log) => {
    const list = new Map([['ada', { name: 'ada', mails: 0 }]]);
    return {
      find(name) {
        log.write(`find ${name}`);
        return list.get(name);
      },
      add: (name, extra = { mails: list.size }) => list.set(name, { name, ...extra }).get(name),
    };
  },
  { [inject]: [tokens.log] },
);
class Mailer {
  static [inject] = [tokens.users, tokens.log];
  constructor(...parts) {
    [this.users, this.log] = parts;
  }
  send(name) {
    const user = this.users.find(name) ?? this.users.add(name);
    user.mails++;
    this.log.write(`mail ${user.mails} to ${user.name}`);
    return user;
  }
}
const root = new Container().register(tokens.clock, Clock).register(tokens.log, Log).register(tokens.users, users);
const request = new Container(root).register(tokens.mailer, Mailer, { lifetime: 'each' });
const mailer = request.lazy(tokens.mailer);
const before = root.has(tokens.mailer);
const sent = ['ada', 'bob', 'ada'].map((name) => mailer.send(name));
mailer.note = 'set through the proxy';
const known = ['send' in mailer, 'missing' in mailer, mailer.note];
const separate = request.get(tokens.mailer) === request.get(tokens.mailer);
const problems = [];
for (const attempt of [() => root.get(tokens.mailer), () => new Container().get('text')]) {
  try {
    attempt();
  } catch (error) {
    problems.push(`${error.name}: ${error.message}`);
  }
}
const loop = token('loop');
loop.toString();
const circular = new Container().register(loop, Object.assign((self) => self, { [inject]: [loop] }));
try {
  circular.get(loop);
} catch ({ message }) {
  problems.push(message);
}
const log = root.get(tokens.log);
const closed = [request.close(), root.close()];
console.log(before, sent, known, separate, problems, closed, log.lines);
