// Web streams: byte pipelines, tee, custom queueing strategy, cancel, errors, async iteration, text codec streams.
const results = {};
function lineSplitter() {
  let rest = '';
  return new TransformStream({
    transform(chunk, controller) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop();
      for (const part of parts) controller.enqueue(part);
    },
    flush(controller) { if (rest) controller.enqueue(rest); },
  });
}
const chunks = ['al', 'pha\nbe', 'ta\ngam', 'ma'];
const source = () => new ReadableStream({
  i: 0,
  pull(controller) { if (this.i >= chunks.length) controller.close(); else controller.enqueue(chunks[this.i++]); },
}, new CountQueuingStrategy({ highWaterMark: 1 }));
const lines = [];
for await (const line of source().pipeThrough(lineSplitter())) lines.push(line.toUpperCase());
results.lines = lines;
const [left, right] = source().tee();
const readAll = async (stream) => { const reader = stream.getReader(); let text = ''; for (;;) { const { done, value } = await reader.read(); if (done) break; text += value; } reader.releaseLock(); return text; };
const [one, two] = await Promise.all([readAll(left), readAll(right)]);
results.tee = one === two && one.length;
const written = [];
const sink = new WritableStream({ write(chunk) { written.push(chunk); return new Promise((r) => setTimeout(r, 1)); }, close() { written.push('closed'); }, abort(reason) { written.push(`aborted ${reason}`); } });
await source().pipeTo(sink);
const writer = new WritableStream({ write(c) { written.push(c); if (c === 'bad') throw new Error('sink full'); } }).getWriter();
await writer.ready;
await writer.write('ok');
results.failed = await writer.write('bad').catch((e) => e.message);
results.closed = await writer.closed.catch((e) => e.message);
let cancelled;
const endless = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(reason) { cancelled = reason; } });
let sum = 0;
for await (const n of endless) { sum += n; if (sum === 3) break; }
const second = new ReadableStream({ start(c) { c.enqueue('x'); }, cancel(reason) { cancelled = reason; } });
await second.cancel('not needed');
results.cancelled = cancelled;
const bytes = new Response('héllo wörld').body;
const decoded = [];
for await (const part of bytes.pipeThrough(new TextDecoderStream())) decoded.push(part);
results.decoded = decoded.join('');
const failing = new ReadableStream({ start(c) { c.enqueue(1); }, pull(c) { c.error(new TypeError('lost')); } });
const got = [];
try { for await (const n of failing) got.push(n); } catch (e) { got.push(e.message); }
results.got = got;
const { readable, writable } = new TransformStream();
const w = writable.getWriter();
const pushing = (async () => { for (const n of [1, 2, 3]) await w.write({ n }); await w.close(); })();
const objects = [];
for await (const { n } of readable) objects.push(n * n);
await pushing;
results.objects = objects;
const from = ReadableStream.from ? await Array.fromAsync?.(ReadableStream.from(['p', 'q'])) : ['p', 'q'];
console.log(results, written, sum, from);
