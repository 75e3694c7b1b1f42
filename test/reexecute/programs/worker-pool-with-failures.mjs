// worker pool with transfer lists and MessageChannel, errors, terminate, BroadcastChannel, SharedEnv
import { Worker, isMainThread, parentPort, workerData, MessageChannel, receiveMessageOnPort, threadId, setEnvironmentData, getEnvironmentData } from 'node:worker_threads';
import { once } from 'node:events'; import { fileURLToPath } from 'node:url';
if (isMainThread) {
  setEnvironmentData('seed', 7);
  class Pool { constructor(n) { this.idle = []; this.wait = []; this.all = []; for (let i = 0; i < n; i++) this.spawn(i); }
    spawn(i) { const w = new Worker(fileURLToPath(import.meta.url), { workerData: { i }, stdout: i === 1, resourceLimits: { maxOldGenerationSizeMb: 64 } }); this.all.push(w); w.on('error', (e) => { console.log('worker error', e.message); const j = w.job; this.all = this.all.filter((x) => x !== w); this.spawn(i + 10); j?.reject(e); }); w.on('exit', (c) => console.log('exit', i, c)); w.on('message', (m) => { const j = w.job; w.job = null; this.free(w); j.resolve(m); }); this.free(w); }
    free(w) { const j = this.wait.shift(); if (j) this.give(w, j); else this.idle.push(w); } give(w, j) { w.job = j; w.postMessage(j.m, j.t); }
    run(m, t) { return new Promise((resolve, reject) => { const j = { m, t, resolve, reject }; const w = this.idle.shift(); if (w) this.give(w, j); else this.wait.push(j); }); } }
  const pool = new Pool(2);
  const res = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => { const b = new Float64Array(100).fill(i); return pool.run({ i, b, fail: i === 5 }, [b.buffer]); }));
  console.log(res.map((r) => (r.value ? [r.value.i, r.value.sum] : r.reason.message)));
  const { port1, port2 } = new MessageChannel(); pool.run({ port: port2 }, [port2]).then((m) => console.log(m)); port1.postMessage('ping'); const [pong] = await once(port1, 'message'); console.log(pong); port1.postMessage('sync'); 
  await new Promise((r) => setTimeout(r, 30)); console.log(receiveMessageOnPort(port1)); port1.close();
  await Promise.all(pool.all.map((w) => w.terminate())).then((c) => console.log(c)); console.log(threadId);
} else {
  console.log('up', workerData.i, getEnvironmentData('seed'));
  parentPort.on('message', (m) => { if (m.port) { m.port.on('message', (t) => m.port.postMessage(t + '!')); return parentPort.postMessage({ i: 'port' }); } if (m.fail) throw new Error('failed ' + m.i); let sum = 0; for (const x of m.b) sum += x; setTimeout(() => parentPort.postMessage({ i: m.i, sum, b: m.b }, [m.b.buffer]), Math.random() * 10); });
}
