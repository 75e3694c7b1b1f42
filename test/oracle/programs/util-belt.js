// util, querystring, string_decoder, url, assert, perf marks: custom inspect, promisify, inherits, deep equality, styles.
const util = require('node:util');
const assert = require('node:assert');
const querystring = require('node:querystring');
const { StringDecoder } = require('node:string_decoder');
const { fileURLToPath, pathToFileURL, parse } = require('node:url');
function Legacy(name) {
  Legacy.super_.call(this);
  this.name = name;
}
util.inherits(Legacy, require('node:events'));
Legacy.prototype.rename = function (name) {
  const old = this.name;
  this.name = name;
  this.emit('renamed', old, name);
  return this;
};
const seen = [];
const legacy = new Legacy('one').on('renamed', (...names) => seen.push(names));
legacy.rename('two').rename('three');
class Money {
  constructor(amount, currency) {
    this.amount = amount;
    this.currency = currency;
  }
  [util.inspect.custom](depth, options, inspect) {
    seen.push(typeof inspect);
    return `${this.amount} ${this.currency}`;
  }
  [Symbol.toPrimitive](hint) {
    seen.push(hint);
    return hint === 'number' ? this.amount : `${this.amount}${this.currency}`;
  }
}
const price = new Money(5, 'EUR');
const shown = [util.inspect({ price, deep: { er: { est: { not: 1 } } } }, { depth: 2 }), `${price}`, price * 2, price + 1];
const callback = (value, done) => (value < 0 ? done(new RangeError('negative')) : done(null, Math.sqrt(value)));
callback[util.promisify.custom] = undefined;
const root = util.promisify((value, done) => callback(value, done));
const failures = [];
for (const [a, b] of [[{ a: [1] }, { a: [1] }], [new Set([1]), new Set([2])], [NaN, NaN], [{ a: undefined }, {}]]) {
  try {
    assert.deepStrictEqual(a, b);
  } catch (error) {
    failures.push([error.code, error.operator, error.generatedMessage]);
  }
}
const query = querystring.parse('a=1&b=2&a=3&c=%20x');
const text = querystring.stringify({ ...query, list: ['p', 'q'] });
const decoder = new StringDecoder('utf8');
const pieces = [Buffer.from([0xe2, 0x82]), Buffer.from([0xac, 0x41])].map((piece) => decoder.write(piece));
const place = fileURLToPath(pathToFileURL('/tmp/a b#c'));
const { hostname, query: parsed } = parse('http://host.example/p?x=1', true);
const types = [/x/, new Map(), async () => {}, function* () {}, Promise.resolve(), new Proxy({}, {})].map((value) => Object.keys(util.types).filter((key) => key !== 'isExternal' && util.types[key](value)));
const deprecated = util.deprecate((n) => n + 1, 'old', 'HC0001');
const format = util.format('%s %d %i %j %o %%', 'a', 1.5, 2.7, { x: 1 }, [1], 'extra');
const { values, positionals } = util.parseArgs({ args: ['-v', '--name', 'x', 'rest'], options: { v: { type: 'boolean', short: 'v' }, name: { type: 'string' } }, allowPositionals: true });
process.on('warning', (warning) => seen.push(warning.code));
async function main() {
  const roots = [await root(9), await root(-1).catch(({ message }) => message)];
  const after = deprecated(1);
  await new Promise(setImmediate);
  console.log(seen, shown, roots, failures, text, pieces, place, hostname, parsed, types.map(({ length }) => length), after, format, values, positionals, util.isDeepStrictEqual([1], [1]));
}
main();
