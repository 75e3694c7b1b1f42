// Web streams, Blob, FormData, Response, compression, structuredClone, MessageChannel, BroadcastChannel, EventTarget
import { ReadableStream, TransformStream, WritableStream, CompressionStream, DecompressionStream, TextDecoderStream, TextEncoderStream } from 'node:stream/web';
import { MessageChannel, BroadcastChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Readable, Writable } from 'node:stream';
import { Blob, File } from 'node:buffer';
import { once } from 'node:events';
import { open } from 'node:fs/promises';

let pulled = 0;
const numbers = () => new ReadableStream({
  async pull(controller) { await new Promise((resolve) => setTimeout(resolve, pulled % 2)); controller.enqueue(`${pulled++},`); if (pulled % 8 === 0) controller.close(); },
  cancel(reason) { console.log('cancelled', reason.message); },
}, new CountQueuingStrategy({ highWaterMark: 2 }));
const upper = new TransformStream({ transform(chunk, controller) { controller.enqueue(`<${chunk}>`); }, flush(controller) { controller.enqueue('end'); } });
const got = [];
await numbers().pipeThrough(upper).pipeTo(new WritableStream({ async write(chunk) { await null; got.push(chunk); }, close() { got.push('closed'); } }));
console.log(got.join(''));
const [one, two] = numbers().tee();
const reader = one.getReader();
console.log(await reader.read(), await Readable.fromWeb(two).toArray());
await reader.cancel(new Error('enough'));
const text = await new Response(new Blob(['pear '.repeat(1000)]).stream().pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip'))).text();
console.log(text.length);
const form = new FormData();
form.set('name', 'fig'); form.append('file', new File(['of a file'], 'note.txt', { type: 'text/plain' }));
const parsed = await new Response(form).formData();
console.log([...parsed.keys()], await parsed.get('file').text(), parsed.get('file').name);
await numbers().pipeTo(new WritableStream({ write() { throw new RangeError('no more'); } })).catch((error) => console.log(error.message));

const shared = { list: [1, 2], at: new Date(5), map: new Map([['x', new Set([1])]]), error: new TypeError('inner', { cause: 'c' }), bytes: new Uint8Array([1, 2, 3]) };
shared.self = shared;
const copy = structuredClone(shared, { transfer: [shared.bytes.buffer] });
console.log(copy.self === copy, shared.bytes.length, copy.bytes, copy.error.message, copy.error.cause);
try { structuredClone({ f() {} }); } catch (error) { console.log(error.name, error.code); }
const { port1, port2 } = new MessageChannel();
port2.on('message', (message) => { if (message.port) message.port.postMessage('through'); else port2.postMessage({ echo: message }); });
port1.postMessage({ n: 1n, nothing: undefined });
console.log((await once(port1, 'message'))[0]);
const inner = new MessageChannel();
port1.postMessage({ port: inner.port2 }, [inner.port2]);
console.log((await once(inner.port1, 'message'))[0], receiveMessageOnPort(inner.port1));
const [left, right] = ['news', 'news'].map((name) => new BroadcastChannel(name));
right.onmessage = ({ data }) => { console.log('news', data); for (const each of [left, right, port1, inner.port1]) each.close(); };
left.postMessage({ of: 'pears' });

const target = new EventTarget();
target.addEventListener('change', ({ detail }) => console.log('change', detail), { once: true });
for (const detail of [1, 2]) target.dispatchEvent(new CustomEvent('change', { detail }));
const web = Readable.toWeb(Readable.from(['a', 'b', 'c']));
let joined = '';
await web.pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream()).pipeTo(Writable.toWeb(new Writable({ decodeStrings: false, write(chunk, _, done) { joined += chunk; setImmediate(done); } })));
console.log(joined);
const handle = await open('bytes', 'w+');
await handle.writeFile('0123456789'.repeat(50));
const again = await open('bytes');
const bytes = again.readableWebStream();
let size = 0;
for await (const chunk of bytes) size += chunk.byteLength;
console.log(size);
await handle.close();
await again.close();
const byob = new ReadableStream({ type: 'bytes', pull(controller) { const view = controller.byobRequest?.view; if (view) { new Uint8Array(view.buffer, view.byteOffset, 2).set([7, 8]); controller.byobRequest.respond(2); } } }).getReader({ mode: 'byob' });
console.log((await byob.read(new Uint8Array(4))).value);
const either = AbortSignal.any([AbortSignal.timeout(5), new AbortController().signal]);
either.onabort = () => console.log(either.reason.name);
await new Promise((resolve) => setTimeout(resolve, 15));
