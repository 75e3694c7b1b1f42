// Workers that talk among themselves over transferred ports, poll for orders, and post several messages each way.
import { MessageChannel, Worker, isMainThread, parentPort, receiveMessageOnPort, workerData, threadId } from 'node:worker_threads';
import { on, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

async function main() {
  const file = fileURLToPath(import.meta.url);
  const { port1, port2 } = new MessageChannel();
  const maker = new Worker(file, { workerData: { role: 'maker', out: port1 }, transferList: [port1] });
  const taker = new Worker(file, { workerData: { role: 'taker', from: port2 }, transferList: [port2] });
  const said = { maker: [], taker: [] };
  maker.on('message', (message) => said.maker.push(message.did ?? message));
  taker.on('message', async (message) => {
    said.taker.push(message);
    await sleep(0);
    if (message.half) taker.postMessage({ word: `half ${message.half}` });
    if (message.half) taker.postMessage('go on');
  });
  for (let i = 0; i < 6; i++) maker.postMessage({ order: i, size: 1 + (i % 3) });
  maker.postMessage('close');
  const [[makerCode], [takerCode]] = await Promise.all([once(maker, 'exit'), once(taker, 'exit')]);
  console.log(makerCode, takerCode, said.maker.join(' '));
  console.log(JSON.stringify(said.taker));

  const asked = new Worker(file, { workerData: { role: 'asked' }, stdout: true });
  let printed = '';
  asked.stdout.on('data', (part) => (printed += part));
  const answers = [];
  const stop = new AbortController();
  const listening = (async () => {
    try {
      for await (const [message] of on(asked, 'message', { signal: stop.signal })) {
        answers.push(message.answer ?? message.bytes.byteLength);
        if (answers.length === 5) stop.abort();
        else if (answers.length === 2) await sleep(1);
      }
    } catch (error) {
      return error.name;
    }
  })();
  const bytes = new Uint8Array(100_000).fill(7);
  asked.postMessage({ n: 1 });
  asked.postMessage({ n: 2 });
  asked.postMessage({ bytes }, [bytes.buffer]);
  await sleep(3);
  asked.postMessage({ n: 3 });
  asked.postMessage({ n: 4 });
  console.log(await listening, answers.join(' '), bytes.byteLength);
  asked.postMessage({ n: -1 });
  const [failure] = await once(asked, 'error');
  console.log(failure.message, printed.trim().split('\n').join(' / '));
}

async function make(out) {
  let busy = Promise.resolve();
  parentPort.on('message', (message) => {
    busy = busy.then(async () => {
      if (message === 'close') {
        out.postMessage(null);
        out.close();
        parentPort.close();
        return;
      }
      for (let i = 0; i < message.size; i++) out.postMessage({ piece: `${message.order}.${i}` });
      parentPort.postMessage({ did: `order${message.order}`, by: threadId });
      if (message.order % 2) parentPort.postMessage(`odd${message.order}`);
      await sleep(message.size);
    });
  });
}

async function take(from) {
  const pieces = [];
  let isOver = false;
  for (let round = 0; !isOver; round++) {
    for (let got = receiveMessageOnPort(from); got; got = receiveMessageOnPort(from)) {
      if (got.message === null) isOver = true;
      else pieces.push(got.message.piece);
      if (pieces.length === 6 && got.message) {
        parentPort.postMessage({ half: pieces.length });
        const words = [];
        await new Promise((resolve) => {
          const listen = (message) => {
            words.push(message.word ?? message);
            if (words.length === 2) {
              parentPort.off('message', listen);
              parentPort.unref();
              resolve();
            }
          };
          parentPort.on('message', listen);
        });
        parentPort.postMessage({ words });
      }
    }
    await sleep(1);
  }
  parentPort.postMessage({ pieces: pieces.length, all: pieces.join(' ') });
  from.close();
}

function answer() {
  parentPort.on('message', ({ n, bytes }) => {
    if (bytes) return parentPort.postMessage({ bytes: bytes.map((each) => each + 1) });
    if (n < 0) throw new RangeError(`no answer to ${n}`);
    console.log('asked', n);
    setTimeout(() => parentPort.postMessage({ answer: n * n }), n % 2);
  });
}

if (isMainThread) await main();
else if (workerData.role === 'maker') await make(workerData.out);
else if (workerData.role === 'taker') await take(workerData.from);
else answer();
