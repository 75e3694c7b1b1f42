// Web streams, Blob, FormData, Headers, Response, compression, subtle crypto, performance: from one ES module.
import { webcrypto } from 'node:crypto';
import { ReadableStream, TransformStream } from 'node:stream/web';
import { Readable } from 'node:stream';
const lines = [];
const source = new ReadableStream({
  start(controller) {
    for (const part of ['ab', 'cd', 'e']) controller.enqueue(part);
    controller.close();
  },
});
let seen = 0;
const upper = new TransformStream({
  transform(chunk, controller) {
    seen += chunk.length;
    controller.enqueue(chunk.toUpperCase());
  },
});
for await (const chunk of source.pipeThrough(upper)) lines.push(chunk);
const headers = new Headers({ 'x-one': '1' });
headers.append('X-One', '2');
headers.set('accept', 'text/plain');
const entries = [...headers].map(([name, value]) => `${name}=${value}`);
const response = new Response(JSON.stringify({ ok: [1, 2] }), { status: 201, headers });
const copy = response.clone();
const { ok } = await response.json();
const text = await copy.text();
const blob = new Blob(['hello ', new Uint8Array([119, 111]), 'rld'], { type: 'text/plain' });
const part = await blob.slice(3, 8).text();
const bytes = new Uint8Array(await blob.arrayBuffer());
const digest = await webcrypto.subtle.digest('SHA-256', bytes);
const hash = Buffer.from(digest).toString('hex').slice(0, 8);
const form = new FormData();
form.append('a', '1');
form.append('a', '2');
form.set('b', blob, 'file.txt');
const fields = [...form.keys()];
const zipped = await new Response(new Blob(['x'.repeat(100)]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer();
const back = await new Response(new Blob([zipped]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
const web = Readable.toWeb(Readable.from([Buffer.from('n1'), Buffer.from('n2')]));
const reader = web.getReader();
const first = await reader.read();
const rest = [];
for (let next = await reader.read(); !next.done; next = await reader.read()) rest.push(Buffer.from(next.value).toString());
reader.releaseLock();
const request = new Request('http://localhost/x?y=1', { method: 'POST', body: 'data' });
const { pathname, searchParams } = new URL(request.url);
const body = await request.text();
export const result = { lines, seen, entries, ok, text, part, hash, fields, back: back.length, rest };
console.log(result, response.status, blob.size, Buffer.from(first.value).toString(), pathname, [...searchParams], body);
