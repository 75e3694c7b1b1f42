// Rounds whose `try` says nothing of where it is: what was said last is from the `finally` block of the round before.
function fin(n) {
  const t = [];
  for (let i = 0; ; i++) {
    try {
      if (i === n) return t;
      if (i % 2) continue;
      t.push(i);
    } catch (e) {
      t.push(e);
    } finally {
      t.push(`f${i}`);
      if (i === 4) break;
    }
  }
  return ['broke', t];
}
function quiet(list) {
  const seen = [];
  let sum = 0;
  let odd = false;
  for (let i = 0; i < list.length; i++) {
    try {
      if (i > 1) sum += i;
      odd = !odd;
    } finally {
      seen.push(sum);
    }
    sum += 1;
  }
  return [seen, odd];
}
function thrown(n) {
  const seen = [];
  while (true) {
    n -= 1;
    try {
      if (n < 2) throw n;
      n -= 1;
    } catch (e) {
      seen.push(e);
      if (e < 1) return seen;
    } finally {
      seen.push('f');
    }
  }
}
console.log(fin(1), fin(3), fin(9), quiet([1, 2, 3, 4]), thrown(6));
