// Standard input in chunks: a header by 'readable', then lines with an async handler, then the rest as bytes.
import { createInterface } from 'node:readline';
import * as promises from 'node:readline/promises';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHash } from 'node:crypto';

const hash = createHash('sha256');
const copy = new PassThrough({ highWaterMark: 8 });
process.stdin.on('data', (part) => {
  hash.update(part);
  if (!copy.write(part)) {
    process.stdin.pause();
    copy.once('drain', () => process.stdin.resume());
  }
});
process.stdin.on('end', () => copy.end());
const lines = createInterface({ input: copy, crlfDelay: Infinity });
const waiting = [];
let count = 0;
lines.on('line', async (line) => {
  const n = ++count;
  waiting.push(
    (async () => {
      await sleep((line.length * 7) % 5);
      return `${n}:${line.toUpperCase()}`;
    })(),
  );
});
await new Promise((resolve) => lines.on('close', resolve));
console.log((await Promise.all(waiting)).join(' | '));
console.log(hash.digest('hex').slice(0, 10));

const answers = new PassThrough();
const prompts = new PassThrough();
let shown = '';
prompts.on('data', (part) => (shown += part));
const asking = promises.createInterface({ input: answers, output: prompts });
setTimeout(() => answers.write('Ada\n'), 2);
const name = await asking.question('name? ');
setTimeout(() => answers.write('36'), 1);
setTimeout(() => answers.end('\n'), 4);
const age = await asking.question('age? ');
asking.close();
console.log(name, Number(age) + 1, shown.trim());
process.stdout.write('a\n', () => process.stdout.write('b\n'));
process.on('beforeExit', (code) => console.log('before exit', code) ?? process.removeAllListeners('beforeExit'));
