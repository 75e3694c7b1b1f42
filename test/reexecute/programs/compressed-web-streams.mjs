// Streams of the web, compressed and read again, beside a weak reference and an inspector session of its own.
import { TransformStream, ReadableStream, CompressionStream, DecompressionStream } from 'node:stream/web'; import inspector from 'node:inspector/promises';
const reg = new FinalizationRegistry((n) => console.log('gone', n)); let o = { a: 1 }; const ref = new WeakRef(o); reg.register(o, 'o'); o = null; globalThis.gc?.();
const src = new ReadableStream({ async pull(c) { await 0; const n = this.n = (this.n ?? 0) + 1; if (n > 50) c.close(); else c.enqueue(new TextEncoder().encode('line ' + n + ' ' + Math.random() + '\n')); } });
let total = 0; for await (const p of src.pipeThrough(new CompressionStream('gzip')).pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TransformStream({ transform(c, k) { total += c.length; k.enqueue(c); } }))) void p; console.log(total > 500, typeof ref.deref());
const s = new inspector.Session(); s.connect(); const { result } = await s.post('Runtime.evaluate', { expression: '6*7' }); console.log(result.value); s.disconnect();
