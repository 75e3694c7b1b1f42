// Memory given away: structuredClone and postMessage with a transfer list, views of what is gone, native writes.
const bytes = new Uint8Array([1, 2, 3]);
const view = new DataView(bytes.buffer);
const moved = structuredClone(bytes, { transfer: [bytes.buffer] });
const { port1, port2 } = new MessageChannel();
const sent = new Uint16Array([5, 6]);
port1.postMessage({ sent }, [sent.buffer]);
const got = require('node:worker_threads').receiveMessageOnPort(port2).message.sent;
got[0] = 9;
const into = new Uint8Array(4);
const done = new TextEncoder().encodeInto('añb', into);
port1.close();
console.log(bytes.length, moved, sent.length, got, into, done);
