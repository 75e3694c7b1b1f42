// What a `finally` block does last, while a throw, a return or a jump is pending, is done before what comes next
const log = [];
let busy = 0;
function caught(n) {
  let x = 0;
  let y = n;
  try {
    try {
      if (n > 0) throw new Error(`e${n}`);
    } finally {
      log.push('a');
      x = 5;
      y = x + 1;
      if (n === 3) x = 9;
    }
  } catch (e) {
    log.push(x, y, e.message);
  }
  return x + y;
}
function passedOn(n) {
  busy = n;
  try {
    if (n > 0) throw new Error(`e${n}`);
  } finally {
    log.push('b');
    busy = 0;
    if (n === 3) busy = -1;
  }
  return busy;
}
function thrownWithin(n) {
  let x = 0;
  try {
    try {
      if (n > 1) throw new Error(`first ${n}`);
    } finally {
      log.push(n > 0 ? n.missing.deeper : 'c');
      x = 7;
    }
  } catch ({ name }) {
    log.push(name, x);
  }
  return x;
}
function rounds(n) {
  outer: for (let i = 0; ; i++) {
    try {
      try {
        if (i === n) return `ret ${i}`;
        if (i === 2) throw new Error(`at ${i}`);
        if (i === 1) continue outer;
      } catch (e) {
        if (n === 3) break outer;
        throw Object.assign(e, { seen: i });
      } finally {
        log.push(`f${i}`);
        if (n === 5 && i === 2) return 'overridden';
      }
    } catch ({ message, seen }) {
      if (n === 4) return [message, seen];
    } finally {
      if (n === 6 && i > 2) break;
    }
  }
  return `end ${n}`;
}
for (const n of [0, 1, 2, 3]) {
  log.push(caught(n));
  try {
    log.push(passedOn(n));
  } catch (e) {
    log.push(e.message, busy);
  }
  log.push(thrownWithin(n));
}
for (const n of [0, 1, 3, 4, 5, 6]) log.push(rounds(n));
console.log(log, busy);
