'use strict';
// A recursive-descent calculator with variables, functions and error positions.
class Parser {
  #text;
  #at = 0;
  constructor(text, scope) {
    this.#text = text;
    this.scope = scope;
  }
  #peek() {
    while (this.#text[this.#at] === ' ') this.#at++;
    return this.#text[this.#at];
  }
  #take(expected) {
    if (this.#peek() !== expected) {
      throw new SyntaxError(`expected ${expected} at ${this.#at} in ${this.#text}`);
    }
    this.#at++;
  }
  parse() {
    const value = this.#sum();
    if (this.#peek() !== undefined) throw new SyntaxError(`unexpected ${this.#peek()}`);
    return value;
  }
  #sum() {
    let left = this.#product();
    for (let op = this.#peek(); op === '+' || op === '-'; op = this.#peek()) {
      this.#at++;
      const right = this.#product();
      left = op === '+' ? left + right : left - right;
    }
    return left;
  }
  #product() {
    let left = this.#atom();
    for (let op; (op = this.#peek()), op === '*' || op === '/'; ) {
      this.#at++;
      const right = this.#atom();
      if (op === '/' && right === 0) throw new RangeError('division by zero');
      left = op === '*' ? left * right : left / right;
    }
    return left;
  }
  #atom() {
    const char = this.#peek();
    if (char === '(') {
      this.#at++;
      const inner = this.#sum();
      this.#take(')');
      return inner;
    }
    if (char === '-') {
      this.#at++;
      return -this.#atom();
    }
    const [word = ''] = /^(\d+(\.\d+)?|[a-z]+)/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += word.length;
    if (/\d/.test(word)) return Number(word);
    if (this.#peek() === '(' && typeof this.scope[word] === 'function') return this.scope[word](this.#atom());
    return this.scope[word] ?? NaN;
  }
}
const scope = { x: 4, half: (n) => n / 2, get seven() { return 7; } };
const outcomes = [];
for (const text of ['1 + 2 * 3', '(1+2)*-x', 'half(x + seven) / 2', '2 * (3', '8 / (4 - x)', 'nope + 1', '1 2']) {
  try {
    outcomes.push(new Parser(text, scope).parse());
  } catch (error) {
    outcomes.push(`${error.name}: ${error.message}`);
  }
}
console.log(outcomes);
