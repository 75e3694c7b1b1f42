// Children that a signal of the program's aborts, beside one that cannot be started and one that ends by itself.
const { execFile, spawn } = require('node:child_process');
const { once } = require('node:events');

async function main() {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('enough')), 5);
  const sleeping = spawn('sleep', ['5'], { signal: controller.signal });
  const [aborted] = await once(sleeping, 'error');
  console.log(aborted.name, aborted.cause.message, sleeping.killed);
  console.log(await once(sleeping, 'exit'));

  const [missing] = await once(spawn('no-such-program'), 'error');
  console.log(missing.code, missing.syscall);

  const late = AbortSignal.timeout(10_000);
  execFile('date', ['+%s%N'], { signal: late }, (error, text) => console.log(error, text.length));
  execFile('sleep', ['5'], { timeout: 5 }, (error) => console.log(error.killed, error.signal));
}

main();
