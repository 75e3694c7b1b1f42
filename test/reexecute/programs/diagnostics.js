// Diagnostics: console groups, counts and times to streams, channels, debuglog, inspect, stack traces, asserts.
const assert = require('node:assert');
const { Console } = require('node:console');
const channel = require('node:diagnostics_channel');
const { Writable } = require('node:stream');
const util = require('node:util');

const lines = [];
const sink = new Writable({ write: (chunk, _, next) => (lines.push(String(chunk).trimEnd()), next()) });
const own = new Console({ stdout: sink, stderr: sink });
own.group('outer');
own.count();
own.count('again');
own.table([{ a: 1, b: 2 }, { a: 3 }]);
own.groupEnd();
own.time('work');
own.dir({ deep: { deeper: { deepest: { end: 1 } } } }, { depth: 1 });
own.assert(lines.length > 100, 'only %d lines', lines.length);

const topic = channel.channel('app:order');
const orders = [];
channel.subscribe('app:order', (message, name) => orders.push([name, message.id]));
for (const id of [1, 2, 3]) if (topic.hasSubscribers) topic.publish({ id });

const failures = [];
for (const check of [
  () => assert.deepStrictEqual({ a: [1, 2] }, { a: [1, 3] }),
  () => assert.throws(() => {}, TypeError),
  () => assert.match('abc', /x/),
  () => assert.rejects,
]) {
  try {
    check();
    failures.push('passed');
  } catch (error) {
    failures.push(`${error.code} ${error.generatedMessage} ${error.message.split('\n')[0]}`);
  }
}

function where() {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => sites.slice(0, 2).map((site) => `${site.getFunctionName()}:${site.getLineNumber()}`);
  const { stack } = new Error('here');
  Error.prepareStackTrace = prepare;
  return stack;
}
console.log('orders', orders, 'at', (function named() { return where(); })());
console.log(failures.join('\n'));
console.log(util.format('%s %i %j %o %%', 'text', 42.9, { a: 1 }, [1]), util.inspect(new Map([[{ k: 1 }, new Set('ab')]]), { depth: 0 }));
console.log(util.types.isProxy(new Proxy({}, {})), util.isDeepStrictEqual(new Set([1]), new Set([1])), util.stripVTControlCharacters('\u001b[31mred\u001b[39m'));
const old = util.deprecate(() => 'old result', 'use the new one', 'DEP_TEST');
process.on('warning', (warning) => console.log('warned', warning.code, warning.message));
console.log(old(), old());
setTimeout(() => {
  own.timeEnd('work');
  console.log(lines.length, lines.at(-1).startsWith('work: '), lines[0]);
  console.log(new Error('trace me').stack.split('\n')[1].includes('diagnostics.js'));
}, 3);
