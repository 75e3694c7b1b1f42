'use strict';
// try/catch/finally in all its shapes: nested, returning, jumping, rethrowing, in generators and loops.
const log = [];
function order(kind) {
  let state = `${kind}:`;
  try {
    state += 'try ';
    if (kind === 'throw') throw new Error('thrown');
    if (kind === 'return') return state;
    state += 'end ';
  } catch (error) {
    state += `catch(${error.message}) `;
    if (kind === 'throw') return state + 'from-catch';
  } finally {
    state += 'finally';
    log.push(state);
  }
  return state;
}
function nested(depth) {
  try {
    try {
      if (depth === 0) throw new RangeError('bottom');
      return nested(depth - 1) + 1;
    } finally {
      log.push(`inner ${depth}`);
    }
  } catch (error) {
    if (depth < 2) throw error;
    return error.message.length;
  }
}
function loops() {
  const out = [];
  for (let i = 0; i < 5; i++) {
    try {
      if (i === 1) continue;
      if (i === 3) break;
      out.push(i);
    } finally {
      out.push(`f${i}`);
    }
  }
  return out;
}
function* guarded() {
  let held = 'lock';
  try {
    yield held;
    yield held + '2';
  } finally {
    held = 'released';
    log.push(held);
    yield 'from-finally';
  }
}
const orders = ['plain', 'throw', 'return'].map(order);
const depth = nested(3);
const looped = loops();
const generator = guarded();
const steps = [generator.next(), generator.return('early'), generator.next(), generator.next()];
let { length } = log;
try {
  try {
    throw { code: length };
  } catch ({ code, reason = 'none' }) {
    length = code * 2;
    throw new Error(reason);
  }
} catch {
  length++;
}
console.log(orders, depth, looped, steps, length, log);
