import { expect, test } from 'vitest';
import { nodes, runWithBoundary } from './testing/run-with-boundary.ts';
import { Clock, Runtime, Special, Tag } from '../wire/words.ts';

interface NumberRecord {
  readonly record: number;
  readonly progress: number;
  readonly numbers: readonly number[];
}

/** Reads the words of clock and random records back. */
function decode(words: readonly number[]): readonly NumberRecord[] {
  const out: { record: number; progress: number; numbers: number[] }[] = [];
  const raw = new DataView(new ArrayBuffer(8));
  for (let at = 0; at < words.length;) {
    const word = words[at++]!;
    if ((word & 7) === Tag.control) {
      out.push({ record: word >>> 4, progress: words[at++]! >> 1, numbers: [] });
    } else if ((word & 1) === 0) {
      out.at(-1)?.numbers.push(word >> 1);
    } else if (word === ((Special.double << 3) | Tag.special)) {
      raw.setInt32(0, words[at++]!, true);
      raw.setInt32(4, words[at++]!, true);
      out.at(-1)?.numbers.push(raw.getFloat64(0, true));
    }
  }
  return out;
}

test.each(nodes())('every clock and Math.random leave exactly what they answered (%s)', async (node) => {
  const logged = await runWithBoundary(
    `const out = [Date.now(), +new Date(), performance.now(), process.uptime(), Math.random()];
    const pair = process.hrtime(); const big = process.hrtime.bigint();
    console.log(JSON.stringify([...out, ...pair, String(big)]));`,
    { node },
  );
  const [now, date, perf, up, random, s, ns, big] = JSON.parse(logged.stdout);
  const records = decode(logged.words);
  expect(records.every(({ progress }) => progress === 7)).toBe(true);
  const numbers = (kind: number): readonly number[] =>
    records.find(({ record, numbers: [first] }) => record === Runtime.clock && first === kind)!.numbers.slice(1);
  const dates = records.filter(({ record, numbers: [kind] }) => record === Runtime.clock && kind === Clock.date);
  expect(dates.map(({ numbers: [, value] }) => value)).toEqual([now, date]);
  expect(numbers(Clock.performance)).toEqual([perf]);
  expect(numbers(Clock.uptime)).toEqual([up]);
  expect(numbers(Clock.hrtime)).toEqual([s, ns]);
  const [low = 0, high = 0] = numbers(Clock.hrtimeBigint);
  expect(String(BigInt(high) * 2n ** 30n + BigInt(low))).toBe(big);
  expect(records.find(({ record }) => record === Runtime.random)?.numbers).toEqual([random]);
});

const inspection = `
  const show = (f) => [f.name, f.length, String(f).slice(0, 60), 'prototype' in f, Object.getOwnPropertyNames(f).join()];
  const fs = require('fs'), net = require('net'), http = require('http'), cp = require('child_process'), crypto = require('crypto'), dns = require('dns'), util = require('util');
  const out = [Date, Date.now, Math.random, performance.now, process.hrtime, process.hrtime.bigint, fs.readFileSync, fs.readFile,
    fs.promises.readFile, fs.exists, fs.realpath, fs.realpath.native, net.Socket.prototype.connect, http.OutgoingMessage.prototype.end, crypto.randomBytes,
    crypto.randomInt, dns.lookup, cp.spawnSync, cp.ChildProcess.prototype.spawn, process.memoryUsage, Intl.DateTimeFormat.prototype.formatToParts].map(show);
  for (const [o, k] of [[globalThis, 'Date'], [Date, 'now'], [Date, 'prototype'], [Date.prototype, 'constructor'], [fs, 'readFile'], [performance, 'now'], [process, 'hrtime'], [globalThis, 'setTimeout']]) {
    const d = Object.getOwnPropertyDescriptor(o, k); out.push(d && [k, d.writable, d.enumerable, d.configurable]);
  }
  class Later extends Date { week() { return 7 } }
  const later = new Later(5);
  out.push(later instanceof Date, later instanceof Later, later.week(), +later, later.constructor === Later, new Date(0).constructor === Date);
  out.push(typeof Date(), Date.length, Date.UTC(2020, 1), new Date(2020, 0, 1).getDate(), +new Date(new Date(77)), +new Date('2020-01-01'), Object.prototype.toString.call(new Date()));
  out.push(util.inspect(Date), util.inspect(new Date(0)), util.inspect(later), util.inspect(fs.readFile), util.inspect(Date.now));
  out.push(util.inspect(http.IncomingMessage.prototype), util.inspect(net.Socket.prototype).length, Object.keys(fs).join(), Object.keys(crypto).join());
  for (const bad of [() => Date.now.call(), () => new Date.now(), () => new Math.random(), () => fs.readFileSync(), () => fs.readFile('x'), () => crypto.randomBytes(-1), () => performance.now.call({}), () => process.hrtime('x'), () => new Date(Symbol())]) {
    try { out.push(typeof bad()) } catch (e) { out.push([e.name, e.code, e.message]) }
  }
  out.push(new Intl.DateTimeFormat('en').format(0), new Intl.DateTimeFormat('en').format.name, typeof new Intl.DateTimeFormat('en').format());
  const f = new Intl.DateTimeFormat('en'); out.push(f.format === f.format);
  out.push(process.listenerCount('message'), process.eventNames().filter((name) => name !== 'exit').join(), Object.getOwnPropertyNames(process).includes('emit'));
  util.promisify(fs.exists)('.').then((is) => util.promisify(fs.read)(fs.openSync('program.cjs'), Buffer.alloc(4), 0, 4, 0).then((r) => {
    out.push(is, Object.keys(r), r.bytesRead);
    return util.promisify(dns.lookup)('127.0.0.1');
  })).then((a) => { out.push(a); console.log(JSON.stringify(out, null, 1)) });
`;

test.each(nodes())('the program sees the same functions, classes and errors as without (%s)', async (node) => {
  const plain = await runWithBoundary(inspection, { node, recorded: false });
  const logged = await runWithBoundary(inspection, { node });
  expect(logged.stderr).toBe(plain.stderr);
  expect(logged.stdout).toBe(plain.stdout);
});
