// Worker threads: workerData, messages both ways, transferred buffers, a shared channel, an error, an exit code.
import { MessageChannel, Worker, isMainThread, parentPort, threadId, workerData } from 'node:worker_threads';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

function count(text, letter) {
  let n = 0;
  for (const each of text) if (each === letter) n++;
  return n;
}

async function main() {
  const file = fileURLToPath(import.meta.url);
  const workers = ['a', 'b', 'c'].map((letter) => new Worker(file, { workerData: { letter, seed: Math.random() } }));
  const order = [];
  const counts = await Promise.all(
    workers.map(async (worker, i) => {
      worker.postMessage({ text: 'abracadabra '.repeat(1 + i * 2000) });
      const [answer] = await once(worker, 'message');
      order.push(answer.letter);
      return answer.n;
    }),
  );
  console.log(counts, order.toSorted(), 'first', order[0]);

  const buffer = new Uint8Array([1, 2, 3, 4]).buffer;
  workers[0].postMessage({ buffer }, [buffer]);
  const [{ sum, back }] = await once(workers[0], 'message');
  console.log('transferred', buffer.byteLength, sum, new Uint8Array(back));

  const { port1, port2 } = new MessageChannel();
  workers[1].postMessage({ port: port1, to: 'c' }, [port1]);
  workers[2].postMessage({ port: port2, to: 'b' }, [port2]);
  const heard = await Promise.all([once(workers[1], 'message'), once(workers[2], 'message')]);
  console.log(heard.map(([each]) => each.heard));

  for (const [i, how] of ['fail', 'exit', 'end'].entries()) workers[i].postMessage({ how });
  const [[error], [code], [fine]] = await Promise.all([once(workers[0], 'error'), once(workers[1], 'exit'), once(workers[2], 'exit')]);
  console.log(error.message, code, fine);
}

if (isMainThread) await main();
else {
  parentPort.on('message', ({ text, buffer, port, to, how }) => {
    if (text) parentPort.postMessage({ letter: workerData.letter, n: count(text, workerData.letter), by: threadId });
    if (buffer) parentPort.postMessage({ sum: new Uint8Array(buffer).reduce((a, b) => a + b), back: buffer }, [buffer]);
    if (port) {
      port.postMessage(`hello ${to} from ${workerData.letter}`);
      port.once('message', (heard) => {
        parentPort.postMessage({ heard });
        port.close();
      });
    }
    if (how === 'fail') throw new Error(`${workerData.letter} failed, ${workerData.seed < 1}`);
    if (how === 'exit') process.exit(9);
    if (how === 'end') parentPort.close();
  });
}
