// process.exit while timers, reads and promises are still open; exit handlers have the last word.
const fs = require('node:fs');

const open = new Set();
function begin(name, start) {
  open.add(name);
  start(() => {
    open.delete(name);
    console.log('ended', name);
    if (open.size === 2) leave(name);
  });
}

function leave(last) {
  try {
    process.exitCode = 2;
    console.log('leaving after', last, 'with', open.size, 'open');
    process.exit(open.has('never') ? 3 : 4);
  } finally {
    console.log('finally is not reached');
  }
}

process.on('exit', (code) => {
  console.log('exit', code, [...open].sort().join(' '));
  setTimeout(() => console.log('no timer runs any more'), 0);
  Promise.resolve().then(() => console.log('nor a microtask'));
  process.exitCode = code + 10;
});
process.on('exit', (code) => console.log('second handler', code, process.exitCode));

begin('never', (end) => setTimeout(end, 10_000));
begin('timer', (end) => setTimeout(end, 6));
begin('read', (end) => fs.readFile(__filename, end));
begin('promise', (end) => Promise.resolve().then(end));
begin('immediate', (end) => setImmediate(end));
begin('stat', (end) => fs.promises.stat(__filename).then(end));
begin('late', (end) => setTimeout(end, 500));
