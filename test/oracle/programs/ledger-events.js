'use strict';
// An event-sourced ledger: commands become events, generators replay them, projections are kept by subscribers.
const kinds = Object.freeze({ opened: 'opened', paid: 'paid', moved: 'moved', closed: 'closed' });
class Refused extends Error {
  constructor(command, reason, options) {
    super(`${command.type} refused: ${reason}`, options);
    this.name = 'Refused';
    this.command = command;
  }
}
class Store {
  #events = [];
  #listeners = new Map();
  get length() {
    return this.#events.length;
  }
  on(kind, listener) {
    const list = this.#listeners.get(kind) ?? [];
    this.#listeners.set(kind, [...list, listener]);
    return () => {
      const index = this.#listeners.get(kind).indexOf(listener);
      if (index >= 0) this.#listeners.get(kind).splice(index, 1);
    };
  }
  append(kind, data) {
    const event = { seq: this.#events.length + 1, kind, ...data };
    this.#events.push(event);
    for (const listener of this.#listeners.get(kind) ?? []) listener(event, this);
    for (const listener of this.#listeners.get('*') ?? []) listener(event, this);
    return event;
  }
  *replay({ from = 1, where = () => true } = {}) {
    let given = 0;
    try {
      for (const event of this.#events.slice(from - 1)) {
        if (!where(event)) continue;
        given++;
        const answer = yield event;
        if (answer === 'stop') return given;
      }
    } finally {
      replays.push([from, given]);
    }
    return given;
  }
  [Symbol.iterator]() {
    return this.replay();
  }
}
const replays = [];
function balanceOf(store, account) {
  let cents = 0;
  for (const { kind, to, from, amount = 0 } of store) {
    if (to === account) cents += amount;
    else if (from === account && kind !== kinds.closed) cents -= amount;
  }
  return cents;
}
const handlers = {
  open(store, { account }) {
    if (store.replay({ where: (e) => e.to === account && e.kind === kinds.opened }).next().value)
      throw new Refused({ type: 'open', account }, 'exists already');
    return store.append(kinds.opened, { to: account });
  },
  pay: (store, { account: to, amount }) => store.append(kinds.paid, { to, amount }),
  move(store, command) {
    const { from, to, amount } = command;
    const held = balanceOf(store, from);
    if (held < amount) throw new Refused(command, `${held} held`, { cause: new RangeError(`${amount}`) });
    return store.append(kinds.moved, { from, to, amount });
  },
};
const store = new Store();
const totals = Object.create(null);
const audit = [];
const off = store.on('*', ({ kind, amount }) => {
  totals[kind] ??= { count: 0, cents: 0 };
  totals[kind].count++;
  totals[kind].cents += amount ?? 0;
});
store.on(kinds.paid, function bonus({ to, amount }, all) {
  const { length } = all;
  if (amount >= 1000) store.append(kinds.paid, { to, amount: amount / 100, note: `bonus ${length}` });
});
const commands = [
  { type: 'open', account: 'ann' },
  { type: 'open', account: 'bob' },
  { type: 'pay', account: 'ann', amount: 2500 },
  { type: 'move', from: 'ann', to: 'bob', amount: 700 },
  { type: 'open', account: 'bob' },
  { type: 'move', from: 'bob', to: 'ann', amount: 9000 },
  { type: 'close' },
];
let state = { accepted: 0, refused: 0, last: undefined };
for (const { type, ...rest } of commands) {
  try {
    state.last = handlers[type](store, { type, ...rest });
    state.accepted++;
  } catch (error) {
    state = { ...state, refused: state.refused + 1 };
    audit.push([type, error instanceof Refused ? error.message : error.name, error.cause?.message]);
  }
}
off();
const book = {};
[book.ann, book.bob, ...book.kinds] = (function* () {
  for (const name of ['ann', 'bob']) yield balanceOf(store, name);
  yield* Object.keys(totals);
})();
const walk = store.replay({ from: 2 });
const seen = [walk.next().value.kind, walk.next('go').value.kind, walk.next('stop')];
const [first, second] = store;
store.append(kinds.closed, { from: 'ann' });
console.log(state, audit, totals, book, seen, first, second, replays);
