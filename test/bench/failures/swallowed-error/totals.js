const { parseLine } = require('./parse.js');

function totals(text) {
  const sums = {};
  for (const line of text.split('\n')) {
    const entry = parseLine(line);
    sums[entry.id] = (sums[entry.id] ?? 0) + Number(entry.amount);
  }
  return sums;
}

module.exports = { totals };
