// Web streams: readers, writers, tee, transforms, byte streams, compression, text codecs, conversion to Node's.
import { Readable, Writable } from 'node:stream';
import { CompressionStream, DecompressionStream, ReadableStream, TransformStream, WritableStream, TextDecoderStream, TextEncoderStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';

function ticks(count, delay) {
  let i = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        await sleep(delay * (i % 2));
        if (i === count) controller.close();
        else controller.enqueue(`tick ${i++} `);
      },
      cancel: (reason) => console.log('cancelled', reason),
    },
    { highWaterMark: 2 },
  );
}

const upper = new TransformStream({ transform: (chunk, controller) => controller.enqueue(chunk.toUpperCase()) });
const [left, right] = ticks(6, 1).pipeThrough(upper).tee();
const collect = async (stream) => {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
};
console.log(await Promise.all([collect(left), collect(right).then((text) => text.length)]));

const packed = ticks(300, 0).pipeThrough(new TextEncoderStream()).pipeThrough(new CompressionStream('gzip'));
let size = 0;
const counting = new TransformStream({ transform: (chunk, controller) => ((size += chunk.length), controller.enqueue(chunk)) });
const text = await collect(packed.pipeThrough(counting).pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TextDecoderStream()));
console.log('unpacked', text.length, size < text.length, text.slice(-9));

const reader = ticks(100, 1).getReader();
const first = await reader.read();
console.log(first, (await reader.read()).value);
await reader.cancel('enough');

const written = [];
const slow = new WritableStream({ write: (chunk) => sleep(1).then(() => written.push(chunk)) }, { highWaterMark: 1 });
const writer = slow.getWriter();
const sizes = [];
for (const word of ['a', 'b', 'c']) {
  sizes.push(writer.desiredSize);
  writer.write(word);
}
await writer.close();
console.log(written, sizes);

const bytes = new ReadableStream({ type: 'bytes', pull: (c) => (c.enqueue(new Uint8Array([1, 2, 3])), c.close()) });
const view = await bytes.getReader({ mode: 'byob' }).read(new Uint8Array(8));
console.log(view.value.length, await Readable.fromWeb(ticks(2, 1)).toArray());
await ticks(3, 0).pipeTo(Writable.toWeb(new Writable({ decodeStrings: false, write: (chunk, _, next) => (written.push(String(chunk)), setImmediate(next)) })));
console.log(written.length, await new Blob(['a', 'bc']).text(), await new Response('x'.repeat(9)).arrayBuffer().then((b) => b.byteLength));
const failing = new ReadableStream({ start: (c) => void setTimeout(() => c.error(new Error('source broke')), 2) });
await failing.pipeTo(new WritableStream({ abort: (reason) => console.log('sink told', reason.message) })).catch((error) => console.log(error.message));
