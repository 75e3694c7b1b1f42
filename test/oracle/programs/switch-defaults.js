// `default` before cases: it is taken when all of them were tested, and has the functions of all of them
const log = [];
const say = (value) => (log.push(value), value);
const state = { n: 0, list: [] };
function first(x) {
  switch (x) {
    default:
      function early() {
        return late();
      }
      log.push(early());
    case 1:
      function late() {
        return x;
      }
      log.push(typeof early + typeof late);
  }
}
function between(x) {
  let hits = 0;
  switch (x) {
    case ((hits += 1), say(1)):
      state.n += hits;
      break;
    default:
      state.list.push(hits);
    case ((hits += 10), state.n++, 2):
      state.n += hits;
      break;
    case (state.last = hits += 100):
      hits = -1;
  }
  return [hits, state.n];
}
function nested(x, y) {
  outer: switch (x) {
    default:
      switch (y) {
        default:
          let held = x;
          log.push(() => held++);
          break outer;
        case (held = y):
          return held;
      }
    case say('a'):
      for (const z of [1, 2, 3]) {
        switch (z) {
          default:
            continue;
          case (state.z = 2):
            log.push(z);
            break outer;
        }
      }
    case say('b'):
      return 'b';
  }
  return 'end';
}
function only(x) {
  switch (x) {
    default:
      return inner();
      function inner() {
        return typeof inner + x;
      }
  }
}
function thrown(x) {
  try {
    switch (x) {
      default:
        throw new Error(`default ${x}`);
      case ((state.seen = x), JSON.parse(x)):
        return 'case';
    }
  } catch (error) {
    state.error = error.message.slice(0, 12);
  } finally {
    log.push(state.seen);
  }
}
function* yielded(x) {
  switch (x) {
    default:
      yield 'default';
    case yield 'test':
      yield 'case';
  }
}
function block() {
  {
    return inside();
    function inside() {
      return typeof inside;
    }
  }
}
for (const x of [0, 1, 2, 'a', 'b', 'c']) {
  first(x);
  log.push(between(x));
  for (const y of [1, 2]) {
    try {
      log.push(nested(x, y));
    } catch (error) {
      log.push(error.message);
    }
  }
  log.push(only(x), thrown(x), [...yielded(x)], block());
}
console.log(log.map((entry) => (typeof entry === 'function' ? entry() + entry() : entry)));
console.log(JSON.stringify(state));
