// What becomes of processes that are waited for, printed as it is: members in Node's order.
const { execFileSync, execSync, spawnSync } = require('node:child_process');

console.log(spawnSync('sh', ['-c', 'cat; echo err >&2; exit 3'], { input: 'in' }));
console.log(spawnSync('sh', ['-c', 'echo text'], { encoding: 'utf8' }));
console.log(Object.keys(spawnSync('no-such-command', ['a'])));
console.log(Object.keys(spawnSync('sleep', ['5'], { timeout: 20 })));
for (const fails of [
  () => execSync('exit 7', { stdio: 'pipe' }),
  () => execFileSync('no-such-command', ['a']),
  () => execFileSync('sleep', ['5'], { timeout: 20 }),
]) {
  try {
    fails();
  } catch (error) {
    console.log(Object.keys(error), error.message, error.status, error.signal, error.error === error);
  }
}
