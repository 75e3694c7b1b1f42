'use strict';
// Cooperative tasks on generators: priorities, sleeping, messages between tasks, cancellation, results.
class Task {
  static #last = 0;
  constructor(name, body, priority = 0) {
    this.id = ++Task.#last;
    Object.assign(this, { name, priority, wakeAt: 0, inbox: [], state: 'ready', result: undefined });
    this.generator = body.call(this, name);
  }
}
class Scheduler {
  time = 0;
  tasks = new Map();
  log = [];
  spawn(name, body, priority) {
    const task = new Task(name, body, priority);
    this.tasks.set(name, task);
    return task;
  }
  #next() {
    let chosen;
    for (const task of this.tasks.values()) {
      if (task.state !== 'ready' || task.wakeAt > this.time) continue;
      if (!chosen || task.priority > chosen.priority) chosen = task;
    }
    return chosen;
  }
  run(limit) {
    while (this.time < limit) {
      const task = this.#next();
      this.time++;
      if (!task) continue;
      try {
        const { value: request, done } = task.generator.next(task.inbox.shift());
        if (done) Object.assign(task, { state: 'done', result: request });
        else this.#serve(task, request);
      } catch (error) {
        Object.assign(task, { state: 'failed', result: error });
        this.log.push(`${task.name} failed: ${error.message}`);
      }
    }
    return [...this.tasks.values()].map(({ name, state }) => `${name}:${state}`);
  }
  #serve(task, { sleep = 0, send, kill, ...rest }) {
    task.wakeAt = this.time + sleep;
    if (send) this.tasks.get(send.to)?.inbox.push({ from: task.name, ...send });
    if (kill) {
      const victim = this.tasks.get(kill);
      victim.state = 'killed';
      victim.result = victim.generator.return('cancelled').value;
    }
    if (rest.note) this.log.push(`${this.time} ${task.name} ${rest.note}`);
  }
}
const scheduler = new Scheduler();
scheduler.spawn('producer', function* (name) {
  for (let i = 1; i <= 3; i++) {
    yield { send: { to: 'consumer', item: i * i }, sleep: 2 };
  }
  return `${name} made 3`;
}, 1);
scheduler.spawn('consumer', function* () {
  let sum = 0;
  while (sum < 14) {
    const message = yield { note: `sum ${sum}` };
    if (message) sum += message.item;
  }
  return sum;
});
scheduler.spawn('forever', function* () {
  try {
    for (;;) yield { sleep: 3 };
  } finally {
    scheduler.log.push('forever cleaned up');
  }
});
scheduler.spawn('killer', function* () {
  yield { sleep: 9 };
  yield { kill: 'forever' };
  throw new Error(`nothing left at ${scheduler.time}`);
}, 2);
const states = scheduler.run(40);
const results = [...scheduler.tasks].map(([name, { result }]) => [name, result?.message ?? result]);
console.log(states, results, scheduler.log.length, scheduler.log.slice(-3));
