'use strict';
const counts = new Map();
exports.total = 0;
exports.listeners = new Set();
exports.count = function (name) {
  const next = (counts.get(name) ?? 0) + 1;
  counts.set(name, next);
  exports.total += 1;
  for (const listener of exports.listeners) listener(name, next);
  return next;
};
