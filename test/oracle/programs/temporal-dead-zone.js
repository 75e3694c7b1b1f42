'use strict';
// Temporal dead zones: early reads from closures, defaults, switch cases, classes, typeof; hoisting of functions and vars.
const errors = [];
function attempt(f) {
  try {
    return f();
  } catch (error) {
    errors.push(`${error.name}: ${error.message}`);
    return 'failed';
  }
}
const results = [];
results.push(attempt(() => early));
results.push(attempt(() => typeof early));
results.push(hoisted(2));
let early = 'now';
results.push(attempt(() => early));
const parameters = (a = b, b = 1) => [a, b];
results.push(attempt(() => parameters()), attempt(() => parameters(5)));
results.push(attempt(() => {
  const self = self ?? 1;
  return self;
}));
results.push(attempt(() => new Later().value));
class Later {
  value = 'constructed';
}
results.push(attempt(() => new Later().value));
function pick(n) {
  switch (n) {
    case 0:
      return attempt(() => label);
    case 1: {
      let label = 'inner';
      return label;
    }
    default:
      let label = 'default';
      return attempt(() => label);
  }
}
results.push(pick(0), pick(1), pick(2));
function hoisted(n) {
  var before = later;
  var later = n * 2;
  if (n) {
    var later = later + 1;
  }
  return [before, later];
}
{
  const shadow = 'outer';
  const read = () => shadow;
  {
    results.push(attempt(() => shadow2));
    const shadow2 = read();
    results.push(shadow2);
  }
}
results.push(attempt(() => {
  for (const x of [x]) return x;
}));
console.log(results, errors);
