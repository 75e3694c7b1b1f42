// Rejections that nobody handles, that are handled late, and warnings that follow from them.
const seen = [];
process.on('unhandledRejection', (reason, promise) => {
  seen.push(`unhandled ${reason?.message ?? reason}`);
  if (reason?.message === 'late') setTimeout(() => promise.catch(() => seen.push('caught late')), 2);
});
process.on('rejectionHandled', () => seen.push('handled after all'));
process.on('warning', (warning) => seen.push(`warning ${warning.name}`));
process.on('multipleResolves', () => seen.push('twice'));

async function fail(name, delay) {
  if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  throw new Error(name);
}

fail('at once', 0);
fail('late', 3);
fail('handled', 1).catch((error) => seen.push(`caught ${error.message}`));
Promise.reject('just text');
Promise.all([fail('first of all', 2), fail('second of all', 4)]).catch((error) => seen.push(`all: ${error.message}`));
const ignored = Promise.allSettled([fail('a', 1), fail('b', 1)]);
ignored.then((all) => seen.push(all.map((each) => each.reason.message).join('')));
new Promise((resolve, reject) => {
  resolve(1);
  reject(new Error('too late'));
});
process.nextTick(() => fail('from a tick', 0));
setImmediate(() => {
  const promise = fail('in the same turn', 0);
  queueMicrotask(() => promise.catch((error) => seen.push(`rescued ${error.message}`)));
});
process.emitWarning('something odd', 'OddWarning');

process.on('beforeExit', () => {
  if (seen.at(-1) === 'before exit') return;
  seen.push('before exit');
  setTimeout(() => {}, 1);
});
process.on('exit', (code) => {
  console.log(seen.join('\n'));
  console.log('exit', code, seen.length);
});
