const { dayOf } = require('./days.js');

function visitsByDay(visits) {
  const days = {};
  for (const { at } of visits) {
    const day = dayOf(at);
    days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}

module.exports = { visitsByDay };
