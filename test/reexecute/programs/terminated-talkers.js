// Workers that say several things each way, in texts, and are terminated in the middle of what they do.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

if (isMainThread) {
  const said = [];
  let left = 2;
  for (const name of ['a', 'b']) {
    const worker = new Worker(__filename, { workerData: name });
    worker.on('message', (text) => {
      said.push(text);
      if (text.endsWith('hello')) worker.postMessage('one'), worker.postMessage('two');
      if (text.endsWith('two done')) worker.postMessage('three');
      if (text.endsWith('last')) worker.terminate();
    });
    worker.on('exit', (code) => {
      said.push(`${name} exits ${code}`);
      if (--left === 0) console.log(said.sort().join('\n'));
    });
  }
} else {
  let rounds = 0;
  parentPort.postMessage(`${workerData} hello`);
  parentPort.on('message', async (text) => {
    parentPort.postMessage(`${workerData} got ${text}`);
    await null;
    rounds++;
    parentPort.postMessage(`${workerData} ${text} done`);
    if (text === 'three') {
      parentPort.postMessage(`${workerData} is at the last`);
      const sum = [1, 2, 3].map((n) => n * rounds).reduce((x, y) => x + y);
      setInterval(() => (rounds += sum), 1000);
    }
  });
}
