'use strict';
// Dates: clock reads, arithmetic by setters, invalid dates, subclassing, sorting, time as map keys.
const started = Date.now();
const epoch = new Date(0);
const moon = new Date(Date.UTC(1969, 6, 20, 20, 17, 40));
const copy = new Date(moon);
copy.setUTCFullYear(2024);
copy.setUTCDate(copy.getUTCDate() + 45);
const invalid = new Date('not a date');
class Deadline extends Date {
  constructor(label, ...rest) {
    super(...rest);
    this.label = label;
  }
  extend(days) {
    this.setTime(this.getTime() + days * 86400000);
    return this;
  }
}
const deadline = new Deadline('tax', Date.UTC(2023, 3, 15)).extend(3).extend(0.5);
function daysBetween(a, b) {
  const difference = Math.abs(a - b);
  return Math.floor(difference / 86400000);
}
const dates = [copy, moon, deadline, epoch];
dates.sort((a, b) => a - b);
const gaps = [];
for (let i = 1; i < dates.length; i++) {
  const gap = daysBetween(dates[i], dates[i - 1]);
  gaps.push(gap);
}
const now = new Date();
const elapsed = Date.now() - started;
const byDay = new Map(dates.map((date) => [date.toISOString().slice(0, 10), date.getUTCDay()]));
const parts = { hours: deadline.getUTCHours(), zone: epoch.getTime(), json: JSON.stringify({ epoch }) };
const valid = dates.concat(invalid).filter((date) => !Number.isNaN(date.getTime())).length;
console.log(gaps, elapsed, [...byDay], parts, valid, now > moon, String(invalid), deadline.label);
