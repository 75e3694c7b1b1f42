// Memory, processors, load and limits of the machine decide how a cache is sized and work is split.
const os = require('node:os');
const v8 = require('node:v8');

function plan() {
  const { heapUsed, heapTotal, rss } = process.memoryUsage();
  const share = heapUsed / heapTotal;
  const workers = Math.max(1, Math.min(8, os.availableParallelism()));
  const busy = os.loadavg()[0] > workers ? 'busy' : 'calm';
  const cache = share > 0.7 ? 'small' : share > 0.4 ? 'middle' : 'large';
  return { workers, busy, cache, rss: rss > heapTotal, free: os.freemem() < os.totalmem() };
}

const first = plan();
const held = Array.from({ length: 50_000 }, (_, i) => ({ i, text: `item ${i}` }));
const second = plan();
console.log(first, second, first.cache === second.cache ? 'the same plan' : 'another plan');

const cpu = process.cpuUsage();
let sum = 0;
for (let i = 0; i < 2_000_000; i++) sum += i % 7;
const used = process.cpuUsage(cpu);
console.log(sum, used.user > 100 ? 'worked' : 'idle', used.user + used.system, process.resourceUsage().maxRSS > 1000);
console.log(os.platform(), os.type(), os.arch(), os.release().split('.').length, os.hostname().length > 0, os.EOL.length);
console.log(os.cpus().length, os.cpus()[0].model, os.userInfo().username, os.homedir(), os.tmpdir(), Math.floor(os.uptime()) > 0);
console.log(Object.keys(os.networkInterfaces()).sort(), os.endianness(), os.constants.signals.SIGINT);
console.log(process.pid > 0, process.ppid > 0, process.title.length > 0, process.version, process.arch, process.getuid?.(), process.umask().toString(8));
console.log(process.memoryUsage.rss() > 1e6, v8.getHeapStatistics().heap_size_limit, process.constrainedMemory?.() >= 0, process.cwd().length > 1);

const odd = [process.pid, process.memoryUsage().heapUsed, os.freemem()].map((n) => n % 2);
setTimeout(() => console.log(odd, odd.filter(Boolean).length > 1 ? 'mostly odd' : 'mostly even', held.length), odd.length);
process.chdir(os.tmpdir());
console.log(process.cwd() === os.tmpdir(), Object.keys(process.env).length > 3, process.env.PATH.split(':').length);
