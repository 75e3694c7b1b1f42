'use strict';
// Private fields, methods, accessors and statics; brand checks; two objects of one class.
class Account {
  #balance = 0;
  #log = [];
  static #opened = 0;
  static total = () => Account.#opened;
  constructor(owner, start = 0) {
    this.owner = owner;
    this.#balance = start;
    Account.#opened += 1;
  }
  get #rich() {
    return this.#balance > 100;
  }
  set #entry(value) {
    this.#log.push(value);
  }
  #change(amount) {
    this.#balance += amount;
    this.#entry = { amount, left: this.#balance };
    return this;
  }
  deposit(amount) {
    return this.#change(amount);
  }
  transfer(other, amount) {
    if (!(#balance in other)) throw new TypeError('not an account');
    this.#change(-amount);
    other.#change(amount);
    other.#balance++;
    return [this.#balance, other.#balance];
  }
  summary() {
    const { owner } = this;
    return { owner, rich: this.#rich, entries: this.#log.length, balance: this.#balance };
  }
  static compare(a, b) {
    return a.#balance - b.#balance;
  }
}
class Savings extends Account {
  #rate = 0.5;
  grow() {
    const { balance } = this.summary();
    this.#rate *= 2;
    return this.deposit(balance * this.#rate);
  }
}
const ada = new Account('Ada', 50);
const alan = new Savings('Alan');
ada.deposit(75).deposit(10);
const moved = ada.transfer(alan, 35);
alan.grow();
let failure;
try {
  ada.transfer({ owner: 'fake' }, 1);
} catch (error) {
  failure = error.message;
}
const sorted = [alan, ada].sort(Account.compare).map((account) => account.summary());
console.log(moved, failure, sorted, Account.total(), Object.keys(ada));
