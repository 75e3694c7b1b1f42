// Generators as coroutines: a scheduler, cancellation by return, delegation, backtracking, async pulls from files.
const fs = require('node:fs');

function* worker(name, rounds) {
  try {
    for (let i = 0; i < rounds; i++) {
      const answer = yield { name, i, wants: Math.random() < 0.5 ? 'rest' : 'more' };
      if (answer === 'stop') return `${name} stopped at ${i}`;
    }
    return `${name} done`;
  } finally {
    log.push(`${name} cleans up`);
  }
}

const log = [];
function schedule(tasks) {
  const queue = tasks.map((task) => ({ task, send: undefined }));
  let steps = 0;
  while (queue.length > 0) {
    const { task, send } = queue.shift();
    const { value, done } = task.next(send);
    steps++;
    if (done) log.push(value);
    else if (value.wants === 'rest') queue.push({ task, send: steps > 12 ? 'stop' : 'go' });
    else queue.unshift({ task, send: 'go' });
  }
  return steps;
}
console.log('steps', schedule([worker('a', 4), worker('b', 6), worker('c', 1)]), log);

function* queens(n, row = 0, placed = []) {
  if (row === n) return yield [...placed];
  for (let column = 0; column < n; column++) {
    if (placed.some((c, r) => c === column || Math.abs(c - column) === row - r)) continue;
    yield* queens(n, row + 1, [...placed, column]);
  }
}
let found = 0;
for (const solution of queens(6)) if (++found === 2) console.log('second', solution.join(''));
console.log('found', found);

const take = worker('early', 5);
take.next();
console.log(take.return('left'), take.next());
try {
  const failing = worker('failing', 2);
  failing.next();
  failing.throw(new Error('thrown in'));
} catch (error) {
  console.log(error.message, log.slice(-2));
}

async function* lines(file) {
  let rest = '';
  for await (const chunk of fs.createReadStream(file, { encoding: 'utf8', highWaterMark: 64 })) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop();
    yield* parts;
  }
}
async function* numbered(source) {
  let n = 0;
  for await (const line of source) yield `${++n}: ${line}`;
}
(async () => {
  const seen = [];
  for await (const line of numbered(lines(__filename))) {
    if (line.includes('function*')) seen.push(line);
    if (seen.length === 3) break;
  }
  console.log(seen);
})();
