// child_process in all styles
const cp = require('node:child_process'), { promisify } = require('node:util'), { once } = require('node:events');
(async () => {
  console.log((await promisify(cp.exec)('echo $FOO; echo err >&2', { env: { ...process.env, FOO: 'bar' } })));
  console.log(await promisify(cp.execFile)(process.execPath, ['-e', 'console.log(process.argv.length)']).catch((e) => e.code));
  const sort = cp.spawn('sort', ['-r']); sort.stdin.end('a\nc\nb\n'); let t = ''; for await (const d of sort.stdout) t += d; console.log(JSON.stringify(t));
  const bad = cp.spawn('no-such-thing'); console.log((await once(bad, 'error'))[0].code);
  try { cp.execSync('exit 3', { stdio: 'pipe' }); } catch (e) { console.log(e.status, e.message); }
  console.log(cp.execFileSync('printf', ['%s', 'hi'], { encoding: 'utf8' }), cp.spawnSync('cat', { input: 'in' }).stdout.toString());
  const child = cp.spawn('sh', ['-c', 'trap "echo trapped; exit 5" TERM; echo ready; while :; do sleep 0.05; done']); child.stdout.on('data', (d) => { console.log(String(d).trim()); if (/ready/.test(d)) child.kill(); }); console.log(await once(child, 'close'));
  const extra = cp.spawn('sh', ['-c', 'echo three >&3; read x <&4; echo $x'], { stdio: ['ignore', 'pipe', 'inherit', 'pipe', 'pipe'] }); extra.stdio[3].on('data', (d) => console.log('3:', String(d).trim())); extra.stdio[4].end('four\n'); extra.stdout.on('data', (d) => console.log('1:', String(d).trim())); await once(extra, 'close');
  const f = cp.fork('-', [], { execArgv: ['-e', 'process.on("message",(m)=>{process.send({got:m});process.disconnect()})'], serialization: 'advanced' }).on('error', () => {}); f.send({ m: new Map([[1, 2n]]) }); console.log((await once(f, 'message'))[0]); await once(f, 'exit');
  const d = cp.spawn('sleep', ['0.05'], { detached: true, stdio: 'ignore' }); d.unref(); const ac = new AbortController(); const a = cp.execFile('sleep', ['5'], { signal: ac.signal }, (e) => console.log(e.name, e.code)); setTimeout(() => ac.abort(), 20);
  console.log(await promisify(cp.exec)('yes | head -c 5000', { maxBuffer: 100 }).catch((e) => e.code));
})();
