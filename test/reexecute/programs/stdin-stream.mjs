// Standard input as an async iterator of bytes, with a race against a timer; then readline/promises.
import { createInterface } from 'node:readline/promises';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const late = sleep(500, 'too late', { ref: false });
const all = (async () => {
  let bytes = 0;
  const parts = [];
  for await (const chunk of process.stdin) {
    bytes += chunk.length;
    parts.push(chunk);
    await sleep(1);
  }
  return `${bytes} bytes in ${parts.length > 0 ? 'some' : 'no'} parts: ${JSON.stringify(Buffer.concat(parts).toString())}`;
})();
console.log(await Promise.race([all, late]));

const input = new PassThrough();
const talk = createInterface({ input, output: new PassThrough() });
setTimeout(() => input.write('blue\nred\n'), 3);
console.log(await talk.question('colour? '));
const abort = new AbortController();
setTimeout(() => abort.abort(), 5);
console.log(await talk.question('more? ', { signal: abort.signal }).catch((error) => error.code));
talk.close();

const lines = new PassThrough();
lines.end('a=1\nb=2\n\nc=x');
const settings = {};
for await (const line of createInterface({ input: lines })) {
  const [name, value] = line.split('=');
  if (value === undefined) continue;
  settings[name] = Number.isNaN(Number(value)) ? value : Number(value);
}
console.log(settings);
const whole = new PassThrough();
whole.end('the whole text');
console.log(await text(whole));
