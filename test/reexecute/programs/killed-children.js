// Node programs that are ended before they are done: by their time, by a signal, by an abort, with their parent.
const { execFile, fork, spawn, spawnSync, execFileSync } = require('node:child_process');
const { once } = require('node:events');

const waits = require.resolve('./lib/waits-for-its-end.js');
const told = (name) => (...ended) => console.log(name, ...ended);

async function main() {
  const silent = fork(waits, ['silently'], { timeout: 700, silent: true });
  silent.on('exit', told('unheard'));
  const polite = fork(waits, ['politely'], { timeout: 800, silent: true });
  let said = '';
  polite.stdout.on('data', (text) => { said += text; });
  polite.on('close', (...ended) => console.log('polite', ...ended, said.split('\n')));
  await Promise.all([once(silent, 'exit'), once(polite, 'close')]);

  const talks = fork(waits, ['with its parent'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  talks.send('one');
  console.log(await once(talks, 'message'));
  process.kill(talks.pid, 'SIGKILL');
  console.log(await once(talks, 'exit'), talks.killed);

  const controller = new AbortController();
  const aborted = spawn(process.execPath, [waits, 'until it is aborted'], { signal: controller.signal, stdio: 'ignore' });
  aborted.on('error', (error) => console.log(error.name));
  setTimeout(() => controller.abort(), 500);
  console.log(await once(aborted, 'exit').catch((error) => error.name));

  execFile(process.execPath, [waits, 'for long'], { timeout: 600 }, (error, stdout) => {
    console.log(error.killed, error.signal, stdout);
    const { status, signal, error: late, stdout: text } = spawnSync(process.execPath, [waits, 'at once'], { timeout: 600 });
    console.log(status, signal, late.code, String(text));
    try {
      execFileSync(process.execPath, [waits, 'politely'], { timeout: 600, killSignal: 'SIGINT', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch (failed) {
      console.log(failed.code, failed.signal, String(failed.stdout));
    }
    const last = spawn(process.execPath, [waits, 'to the very end'], { stdio: 'ignore' });
    process.on('exit', () => console.log(last.kill()));
    setTimeout(() => process.exit(3), 400);
  });
}
main();
