'use strict';
// Regular expressions with a place of their own, held by fields, objects and classes; assignments that proxies pass on.
class Lexer {
  static words = /[a-z]+/g;
  #numbers = /\d+/y;
  spaces = /\s+/y;
  rules = { sign: /[-+*/]/y, unknown: /./y };
  constructor(text) {
    this.text = text;
    this.at = 0;
  }
  #number() {
    this.#numbers.lastIndex = this.at;
    const found = this.#numbers.exec(this.text);
    if (found) this.at = this.#numbers.lastIndex;
    return found;
  }
  next() {
    this.spaces.lastIndex = this.at;
    const skipped = this.spaces.test(this.text);
    if (skipped) this.at = this.spaces.lastIndex;
    const number = this.#number();
    if (number) return Number(number[0]);
    this.rules.sign.lastIndex = this.at;
    const sign = this.rules.sign.exec(this.text);
    if (sign === null) return undefined;
    this.at++;
    return sign[0];
  }
}
const lexer = new Lexer('12 + 7*3 !');
const tokens = [];
for (let token = lexer.next(); token !== undefined; token = lexer.next()) tokens.push(token);
let word = Lexer.words.exec('one two');
const places = [Lexer.words.lastIndex];
word = Lexer.words.exec('one two');
places.push(Lexer.words.lastIndex, word.index);

const asked = [];
const handler = {
  set(target, key, value, receiver) {
    asked.push(key);
    return Reflect.set(target, key, value, receiver);
  },
};
const defaults = { size: 1, set half(value) { this.size = value * 2; } };
const watched = Object.create(new Proxy(defaults, handler));
watched.own = 1;
watched.size = 5;
watched.half = 4;
watched.own++;
const through = Object.create(new Proxy(defaults, {}));
through.size = 3;
through.more = [through.size];
const model = Object.create(watched);
const maybe = [watched.none?.exec('x'), lexer.spaces?.test('  ')];
model.late = 'late';
console.log(tokens, places, word, asked, watched, through, model.late, maybe, defaults);
