// A text adventure / state machine / robot sim with prototypes, mixins, undo stacks, flags by bits, tiny ECS, vector math by operator-ish methods.
'use strict';
const Flag = Object.freeze({ ALIVE: 1 << 0, ARMED: 1 << 1, HIDDEN: 1 << 2 });
class Vec { static #zero; constructor(x = 0, y = x) { this.x = x; this.y = y; } static get zero() { return (this.#zero ??= new Vec()); } plus({ x, y }) { return new Vec(this.x + x, this.y + y); } times(k) { return new Vec(this.x * k, this.y * k); } equals(o) { return o instanceof Vec && o.x === this.x && o.y === this.y; } *[Symbol.iterator]() { yield this.x; yield this.y; } get len() { return Math.hypot(...this); } toString() { return `(${[...this]})`; } }
const DIRS = { n: new Vec(0, -1), e: new Vec(1, 0), s: new Vec(0, 1), w: new Vec(-1, 0) };
const Moves = (Base) => class extends Base { pos = Vec.zero; path = []; move(dir, steps = 1) { const from = this.pos; for (let i = 0; i < steps; i++) { const next = this.pos.plus(DIRS[dir]); if (this.blocked?.(next)) break; this.pos = next; this.path.push(next); } return () => { this.pos = from; this.path.length -= steps; }; } };
const Fights = (Base) => class extends Base { hp = 10; hit(other, roll = this.roll()) { const dmg = roll >> 1; other.hp -= dmg; if (other.hp <= 0) other.flags &= ~Flag.ALIVE; return dmg; } };
class Entity { static #next = 0; id = Entity.#next++; flags = Flag.ALIVE; constructor(name) { this.name = name; } is(f) { return (this.flags & f) === f; } }
class Robot extends Fights(Moves(Entity)) { #seed = 7; roll() { this.#seed = (this.#seed * 1103515245 + 12345) & 0x7fffffff; return this.#seed % 6 + 1; } blocked({ x, y }) { return x < 0 || y < 0 || x > 4 || y > 4 || World.walls.has(`${x},${y}`); } }
class World { static walls = new Set(['2,0', '1,2']); static { for (let i = 0; i < 5; i++) if (i % 4) this.walls.add(`4,${i}`); } grid = Array.from({ length: 5 }, (_, y) => Array.from({ length: 5 }, (_, x) => (World.walls.has(`${x},${y}`) ? '#' : '.'))); draw(...robots) { const g = this.grid.map((r) => [...r]); for (const { pos: { x, y }, name: [c] } of robots) g[y][x] = c; return g.map((r) => r.join('')).join('\n'); } }
const r = new Robot('Rob'), m = new Robot('Max');
const undo = [];
for (const [, dir, n = '1'] of 'e5 s2 w s3 n'.matchAll(/([nesw])(\d?)/g)) undo.push(r.move(dir, +n || 1));
const there = `${r.pos}`;
undo.pop()();
m.flags |= Flag.ARMED | Flag.HIDDEN; m.flags ^= Flag.HIDDEN;
const blows = [];
while (m.is(Flag.ALIVE) && blows.length < 20) blows.push(r.hit(m));
const machine = { state: 'idle', on: { idle: { start: 'run', fail(ctx) { ctx.errors++; return 'idle'; } }, run: { stop: 'idle', tick: (ctx) => (++ctx.ticks >= 3 ? 'done' : 'run') }, done: {} }, ctx: { ticks: 0, errors: 0 }, send(event) { const t = this.on[this.state]?.[event]; if (t === undefined) return false; this.state = typeof t === 'function' ? t.call(this, this.ctx) : t; return true; } };
const sent = ['fail', 'tick', 'start', 'tick', 'tick', 'tick', 'stop'].map((e) => [machine.send(e), machine.state]);
const bfs = (start, goal) => { const seen = new Map([[`${start}`, null]]), queue = [start]; while (queue.length) { const at = queue.shift(); if (at.equals(goal)) { const path = []; for (let k = `${at}`; k; k = seen.get(k)) path.unshift(k); return path; } for (const d in DIRS) { const next = at.plus(DIRS[d]); if (!seen.has(`${next}`) && !r.blocked(next)) { seen.set(`${next}`, `${at}`); queue.push(next); } } } };
const path = bfs(Vec.zero, new Vec(3, 4));
const components = new Map(), systems = [];
const spawn = (...parts) => { const id = Symbol('e'); for (const p of parts) { const c = p.constructor.name; if (!components.has(c)) components.set(c, new Map()); components.get(c).set(id, p); } return id; };
class Pos { constructor(x) { this.x = x; } } class Vel { dx = 1; }
systems.push((dt) => { for (const [id, v] of components.get('Vel')) { const p = components.get('Pos').get(id); if (p) p.x += v.dx * dt; } });
const e1 = spawn(new Pos(1), new Vel()), e2 = spawn(new Pos(5));
for (let f = 0; f < 3; f++) systems.forEach((s) => s(0.5));
console.log(new World().draw(r, m), there, `${r.pos}`, r.path.length, blows, m.hp, m.flags, sent, path, components.get('Pos').get(e1).x, components.get('Pos').get(e2).x, Vec.zero === Vec.zero, r.pos.len.toFixed(2));
