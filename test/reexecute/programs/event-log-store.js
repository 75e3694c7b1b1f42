// An append-only event store on disk: a write queue, snapshots, recovery from a torn tail, a reader that tails.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const crypto = require('node:crypto');

class Store {
  constructor(folder) {
    this.file = path.join(folder, 'events.log');
    this.snapshot = path.join(folder, 'snapshot.json');
    this.state = new Map();
    this.tail = Promise.resolve();
    this.count = 0;
  }
  async open() {
    if (fs.existsSync(this.snapshot)) this.state = new Map(JSON.parse(await fs.promises.readFile(this.snapshot, 'utf8')));
    const text = await fs.promises.readFile(this.file, 'utf8').catch((error) => (error.code === 'ENOENT' ? '' : Promise.reject(error)));
    let good = 0;
    for (const line of text.split('\n').slice(0, -1)) {
      const [sum, body] = [line.slice(0, 8), line.slice(9)];
      if (crypto.createHash('md5').update(body).digest('hex').slice(0, 8) !== sum) break;
      this.apply(JSON.parse(body));
      good += line.length + 1;
    }
    if (good < text.length) await fs.promises.truncate(this.file, good);
    return { events: this.count, torn: text.length - good };
  }
  apply({ key, by }) {
    this.count++;
    this.state.set(key, (this.state.get(key) ?? 0) + by);
  }
  add(event) {
    const body = JSON.stringify({ ...event, at: Date.now(), id: crypto.randomUUID() });
    const line = `${crypto.createHash('md5').update(body).digest('hex').slice(0, 8)} ${body}\n`;
    return (this.tail = this.tail.then(() => fs.promises.appendFile(this.file, line)).then(() => this.apply(event)));
  }
  async cut() {
    await this.tail;
    await fs.promises.writeFile(`${this.snapshot}.new`, JSON.stringify([...this.state]));
    await fs.promises.rename(`${this.snapshot}.new`, this.snapshot);
    await fs.promises.truncate(this.file);
  }
}

async function main() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'events-'));
  const store = new Store(folder);
  console.log(await store.open());
  const keys = ['a', 'b', 'c'];
  await Promise.all(Array.from({ length: 12 }, () => store.add({ key: keys[Math.floor(Math.random() * 3)], by: Math.ceil(Math.random() * 5) })));
  await store.cut();
  await Promise.all([store.add({ key: 'a', by: 1 }), store.add({ key: 'b', by: 2 })]);
  fs.appendFileSync(store.file, 'deadbeef {"key":"a","by":10');
  const again = new Store(folder);
  console.log(await again.open());
  const same = [...store.state].every(([key, value]) => again.state.get(key) === value);
  console.log(same, [...again.state].sort(), (await fs.promises.readdir(folder)).sort());
  await fs.promises.rm(folder, { recursive: true });
}
main();
