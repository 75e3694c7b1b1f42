'use strict';
// A program that ends by an unhandled rejection, two asynchronous frames deep.
const attempts = [];
const wait = (turns) => (turns ? Promise.resolve().then(() => wait(turns - 1)) : Promise.resolve());
async function fetchPage(number) {
  await wait(number);
  attempts.push(number);
  if (number === 3) {
    const error = new Error(`page ${number} is gone`);
    error.details = { number, attempts };
    throw error;
  }
  return { number, rows: Array.from({ length: number }, (_, i) => i * number) };
}
async function crawl(from) {
  const rows = [];
  let page = from;
  for (;;) {
    const result = await fetchPage(page);
    rows.push(...result.rows);
    page += 1;
  }
}
process.on('exit', (code) => console.log('exit', code, attempts));
const handled = crawl(3).catch(({ message, details }) => {
  attempts.push(message, details.number);
});
handled.then(() => crawl(1));
