// a tournament with seeded draws, ties, rematches; comparators that write, sorts that throw, getters that memoise by redefining themselves
'use strict';
let seed = 7;
const rand = (n) => ((seed = (seed * 1103515245 + 12345) >>> 0), (seed >>> 8) % n);
class Team {
  static #count = 0;
  #form = [];
  constructor(name, ...rest) {
    let home;
    [this.elo = 1000, { home = true, colours: [this.primary, this.second = 'white'] = ['red'] } = {}] = rest;
    Object.assign(this, { name, id: Team.#count++ });
    if (!home) this.away = true;
  }
  get label() {
    const text = `${this.name}#${this.id}`;
    Object.defineProperty(this, 'label', { value: text, enumerable: true });
    return text;
  }
  get form() { return this.#form.slice(-3).join(''); }
  record(r) { this.#form.push(r); this.elo += { W: 16, L: -16, D: 0 }[r] ?? NaN; return this; }
  static compare(a, b) { a.compared = (a.compared ?? 0) + 1; return b.elo - a.elo || (a.name < b.name ? -1 : 1); }
  [Symbol.toPrimitive](hint) { return hint === 'number' ? this.elo : this.label; }
}
const teams = ['Ash', 'Birch', 'Cedar', 'Doum', 'Elm', 'Fir', 'Gum'].map((n, i) => new Team(n, i % 3 ? 1000 + i * 10 : undefined, i % 2 ? { home: false, colours: [n.toLowerCase()] } : undefined));
const bye = Symbol('bye');
function* pairs(list) {
  const queue = list.length % 2 ? [...list, bye] : [...list];
  while (queue.length) {
    const [a, b] = [queue.shift(), queue.pop()];
    const verdict = yield a === bye ? [b] : b === bye ? [a] : [a, b];
    if (verdict === 'again') queue.splice(0, 0, a), queue.push(b);
  }
}
const results = new Map();
let round = 0;
function play(list) {
  const it = pairs(list);
  const winners = [];
  let verdict;
  for (let step = it.next(); !step.done; step = it.next(verdict)) {
    verdict = undefined;
    const [a, b] = step.value;
    if (!b) { winners.push(a); continue; }
    const key = `${round}:${+a > +b ? `${a}/${b}` : `${b}/${a}`}`;
    const goals = [rand(4), rand(4)];
    const games = results.get(key) ?? results.set(key, []).get(key);
    games.push(goals);
    if (goals[0] === goals[1] && games.length < 3) { a.record('D'); b.record('D'); verdict = 'again'; continue; }
    const [w, l] = goals[0] >= goals[1] ? [a, b] : [b, a];
    winners.push(w.record('W')); l.record('L');
  }
  round++;
  return winners.sort(Team.compare);
}
let left = teams.slice().sort(Team.compare);
const history = [];
do { history.push(left.map(String)); left = play(left); } while (left.length > 1);
history.push(left.map(String));
for (const [i, names] of history.entries()) console.log(i, names.join(' '));
console.log(Object.fromEntries([...results].map(([k, g]) => [k, g.map((x) => x.join('-')).join(',')])));
console.log(teams.map(({ label, elo, form, compared = 0, ...rest }) => [label, elo, form, compared, Object.keys(rest).length]));
try { teams.sort((a, b) => { if (a === left[0]) throw new RangeError(`champion ${b}`); return a.id - b.id; }); } catch (e) { console.log(e.message, teams.map((t) => t.id).join()); }
console.log(Object.groupBy ? Object.keys(Object.groupBy(teams, (t) => t.form.at(-1) ?? 'none')) : '-', teams.findLast((t) => t.away)?.label);
const table = teams.toSorted ? teams.toSorted((a, b) => a - b).map((t) => t.elo) : teams.slice().sort((a, b) => a - b).map((t) => t.elo);
table.copyWithin(0, 4).fill(0, -2); console.log(table, table.lastIndexOf(0), `${teams[0]}`, teams[0] + 1, teams[0] * 1);
