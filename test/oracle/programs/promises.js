'use strict';
// Promise machinery: ordering of then, thenables, subclassing, rejections handled late, any and finally.
const order = [];
const mark = (label) => (value) => {
  order.push(`${label}:${value}`);
  return value;
};
class Deferred {
  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
class Tracked extends Promise {
  constructor(executor) {
    super(executor);
    this.label = 'tracked';
  }
}
const thenable = {
  calls: 0,
  then(resolve) {
    this.calls++;
    resolve(`thenable ${this.calls}`);
  },
};
const first = new Deferred();
const second = new Deferred();
const chain = first.promise.then(mark('a')).then(mark('b'));
const tracked = Tracked.resolve(3).then((n) => n + 1);
second.promise.catch((error) => mark('rejected')(error.message)).finally(() => order.push('finally'));
queueMicrotask(() => order.push('microtask'));
Promise.resolve(thenable).then(mark('t'));
Promise.any([Promise.reject(new Error('x')), tracked]).then(mark('any'));
Promise.any([Promise.reject(new Error('p')), Promise.reject(new Error('q'))]).catch((error) => {
  const messages = error.errors.map((inner) => inner.message);
  order.push(messages.join());
});
first.resolve('one');
first.resolve('ignored');
second.reject(new Error('two'));
order.push('sync');
setTimeout(() => {
  const label = tracked.label;
  console.log(order, label, tracked instanceof Tracked, thenable.calls, chain instanceof Promise);
}, 5);
