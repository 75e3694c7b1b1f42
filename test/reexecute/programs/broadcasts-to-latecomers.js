// A thread that is started by a message hears those that another one goes on sending.
const { Worker, BroadcastChannel, isMainThread, workerData } = require('node:worker_threads');
if (isMainThread) {
  const channel = new BroadcastChannel('news');
  channel.onmessage = ({ data }) => { if (data === 'here') new Worker(__filename, { workerData: 'late' }); else if (data === 'enough') channel.close(); };
  new Worker(__filename, { workerData: 'early' });
} else {
  const channel = new BroadcastChannel('news');
  if (workerData === 'early') {
    let n = 0; channel.postMessage('here');
    const timer = setInterval(() => channel.postMessage({ n: n++, at: new Map([[n, new Date(n)]]) }), 2);
    channel.onmessage = ({ data }) => { if (data === 'enough') { clearInterval(timer); channel.close(); } };
  } else {
    const heard = [];
    channel.onmessage = ({ data }) => { if (heard.push(data.n) === 5) { console.log(heard.map((n) => n - heard[0]).join(), data.at); channel.postMessage('enough'); channel.close(); } };
  }
}
