'use strict';
// await in every place: arguments, loops, try/finally, conditions, destructuring; interleaved tasks.
const trace = [];
const later = (value, turns = 1) =>
  turns === 0 ? Promise.resolve(value) : Promise.resolve().then(() => later(value, turns - 1));
async function worker(name, jobs) {
  let done = 0;
  for (const job of jobs) {
    const result = await later(job * 2, job);
    trace.push(`${name}:${result}`);
    done += result;
  }
  return { name, done };
}
async function risky(flag) {
  let state = 'start';
  try {
    state = await later('running');
    if (flag) throw new Error(`failed in ${state}`);
    return state;
  } catch (error) {
    state = `caught ${await later(error.message)}`;
    return state;
  } finally {
    await later(null);
    trace.push(`finally ${state}`);
  }
}
async function main() {
  const [a, b] = await Promise.all([worker('a', [1, 2]), worker('b', [2, 1])]);
  const { done } = await later(a);
  const sum = (await later(1)) + (await later(2)) * done;
  const list = [await later('x'), ...(await later(['y', 'z']))];
  const outcomes = [await risky(false), await risky(true)];
  const picked = (await later(sum > 3)) ? await later('big') : await later('small');
  let n = 0;
  while ((await later(n)) < 3) n += await later(1);
  const settled = await Promise.allSettled([later(1), Promise.reject(new TypeError('no'))]);
  const reasons = settled.map((entry) => entry.reason?.message ?? entry.value);
  const race = await Promise.race([later('slow', 5), later('fast', 1)]);
  return { a, b, sum, list, outcomes, picked, n, reasons, race };
}
main().then((result) => {
  const text = JSON.stringify(result);
  console.log(text, trace);
});
