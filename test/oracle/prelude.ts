/**
 * The served world: the same clock and the same randomness in the plain and in the recorded run, and the same names of
 * temporary folders. Loaded by `--require` before the program and not itself recorded. The clock goes on by a millisecond
 * each time it is read.
 */
export const PRELUDE_NAME = 'oracle-prelude.cjs';

export const PRELUDE = `'use strict';
{
  let state = 0x9e3779b9;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  let now = 1700000000000;
  const tick = () => (now += 1);
  Math.random = { random() { return random(); } }.random;
  const RealDate = Date;
  const ServedDate = function Date(...args) {
    if (!new.target) return new RealDate(tick()).toString();
    return Reflect.construct(RealDate, args.length ? args : [tick()], new.target === ServedDate ? RealDate : new.target);
  };
  Object.defineProperty(ServedDate, 'length', { value: 7, configurable: true });
  ServedDate.UTC = RealDate.UTC;
  ServedDate.parse = RealDate.parse;
  ServedDate.now = { now() { return tick(); } }.now;
  ServedDate.prototype = RealDate.prototype;
  Object.defineProperty(ServedDate.prototype, 'constructor', { value: ServedDate, writable: true, configurable: true });
  Object.defineProperty(globalThis, 'Date', { value: ServedDate, writable: true, configurable: true });
  performance.now = { now() { return tick() - 1699999999000; } }.now;
  const hrtime = { hrtime(before) {
    const t = tick();
    const s = Math.floor(t / 1000), n = (t % 1000) * 1000000;
    return before ? [s - before[0] - (n < before[1] ? 1 : 0), (n - before[1] + 1000000000) % 1000000000] : [s, n];
  } }.hrtime;
  hrtime.bigint = { bigint() { return BigInt(tick()) * 1000000n; } }.bigint;
  process.hrtime = hrtime;
  const crypto = require('node:crypto');
  const fill = (bytes) => { for (let i = 0; i < bytes.length; i++) bytes[i] = random() * 256; return bytes; };
  const view = (v) => new Uint8Array(v.buffer ?? v, v.byteOffset ?? 0, v.byteLength);
  crypto.randomBytes = { randomBytes(size, then) {
    const bytes = fill(Buffer.alloc(size));
    if (then) process.nextTick(then, null, bytes); else return bytes;
  } }.randomBytes;
  crypto.randomFillSync = { randomFillSync(v) { fill(view(v)); return v; } }.randomFillSync;
  crypto.randomInt = { randomInt(a, b) { return b === undefined ? Math.floor(random() * a) : a + Math.floor(random() * (b - a)); } }.randomInt;
  crypto.randomUUID = { randomUUID() {
    const h = fill(Buffer.alloc(16)).toString('hex');
    return h.slice(0, 8) + '-' + h.slice(8, 12) + '-4' + h.slice(13, 16) + '-8' + h.slice(17, 20) + '-' + h.slice(20);
  } }.randomUUID;
  const fs = require('node:fs');
  const { mkdirSync, rmSync } = fs;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const temporary = (prefix) => {
    let folder = String(prefix);
    for (let i = 0; i < 6; i++) folder += letters[Math.floor(random() * letters.length)];
    // the other run may have left it
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, 0o700);
    return folder;
  };
  fs.mkdtempSync = { mkdtempSync(prefix) { return temporary(prefix); } }.mkdtempSync;
  fs.mkdtemp = { mkdtemp(prefix, options, then) {
    let folder, failure = null;
    try { folder = temporary(prefix); } catch (error) { failure = error; }
    setImmediate(then ?? options, failure, folder);
  } }.mkdtemp;
  fs.promises.mkdtemp = { async mkdtemp(prefix) { return temporary(prefix); } }.mkdtemp;
  if (process.env.HINDCAST_ORACLE_ASSERT) {
    console.assert = { assert(condition, ...message) {
      if (!condition) throw new Error(message.length ? String(message[0]) : 'Assertion failed');
    } }.assert;
  }
}
`;
