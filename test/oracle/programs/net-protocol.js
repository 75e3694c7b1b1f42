// A line protocol over sockets: framing, per-connection state, broadcast, back-pressure, timeouts, half-open ends.
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const fs = require('node:fs');
class Framer {
  #rest = '';
  *feed(chunk) {
    const parts = (this.#rest + chunk).split('\n');
    this.#rest = parts.pop();
    for (const part of parts) yield part;
  }
  get pending() {
    return this.#rest.length;
  }
}
const rooms = new Map();
const events = [];
class Session {
  static next = 1;
  constructor(socket) {
    this.id = Session.next++;
    this.socket = socket;
    this.framer = new Framer();
    this.name = null;
    this.room = null;
  }
  receive(chunk) {
    for (const line of this.framer.feed(chunk)) {
      const [verb, ...rest] = line.split(' ');
      const command = this[`on_${verb}`];
      if (!command) this.send(`error unknown ${verb}`);
      else command.call(this, ...rest);
    }
  }
  on_name(name) {
    this.name = name;
    this.send(`hello ${name}`);
  }
  on_join(room) {
    const members = rooms.get(room) ?? new Set();
    rooms.set(room, members.add(this));
    this.room = room;
    this.send(`joined ${room} ${members.size}`);
  }
  on_say(...words) {
    for (const member of rooms.get(this.room) ?? []) {
      if (member !== this) member.send(`${this.name}: ${words.join(' ')}`);
    }
  }
  on_quit() {
    rooms.get(this.room)?.delete(this);
    this.socket.end('bye\n');
  }
  send(line) {
    events.push(`${this.id}<${line}`);
    return this.socket.write(`${line}\n`);
  }
}
const server = net.createServer((socket) => {
  const session = new Session(socket);
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => session.receive(chunk));
  socket.on('end', () => events.push(`end ${session.id}`));
});
function client(socketPath, script) {
  return new Promise((resolve, reject) => {
    const lines = [];
    const framer = new Framer();
    const socket = net.connect(socketPath);
    socket.on('error', reject);
    socket.on('data', (data) => {
      for (const line of framer.feed(data.toString())) {
        lines.push(line);
        const next = script.shift();
        if (next) socket.write(`${next}\n`);
      }
    });
    socket.on('close', () => resolve(lines));
    socket.write(`${script.shift()}\n`);
  });
}
const socketPath = path.join(os.tmpdir(), 'hindcast-oracle-net.sock');
fs.rmSync(socketPath, { force: true });
server.listen(socketPath, async () => {
  const first = await client(socketPath, ['name ann', 'join a', 'nonsense', 'quit']);
  const second = await client(socketPath, ['join b', 'name bob', 'quit']);
  server.close(() => console.log(first, second, events.length, [...rooms].map(([name, set]) => [name, set.size])));
});
