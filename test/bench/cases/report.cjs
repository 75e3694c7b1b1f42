'use strict';
// What a case says of itself, into the file that BENCH_REPORT names: milliseconds of its workload and peak memory.
const fs = require('node:fs');

exports.scale = Number(process.env.BENCH_SCALE ?? 1);
exports.finish = finish;
function finish(ms, result) {
  const { maxRSS } = process.resourceUsage();
  if (process.env.BENCH_REPORT) fs.writeFileSync(process.env.BENCH_REPORT, JSON.stringify({ ms, maxRSS, result }));
}
exports.report = (work) => {
  const started = performance.now();
  const result = work();
  finish(performance.now() - started, result);
};
exports.reportLater = async (work) => {
  const started = performance.now();
  const result = await work();
  finish(performance.now() - started, result);
};
