// Lines from standard input by readline; each line is answered, then questions are asked of a stream of its own.
const readline = require('node:readline');
const { PassThrough } = require('node:stream');

const totals = { lines: 0, words: 0, letters: new Map() };
const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
lines.on('line', (line) => {
  totals.lines++;
  totals.words += line.split(/\s+/).filter(Boolean).length;
  for (const letter of line) totals.letters.set(letter, (totals.letters.get(letter) ?? 0) + 1);
  console.log(`> ${line.toUpperCase()}`);
  setTimeout(() => console.log('after the line', line.length, 'of', totals.lines), line.length % 4);
});
lines.on('pause', () => console.log('paused'));
lines.on('close', () => {
  const most = [...totals.letters].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, 3);
  console.log(totals.lines, totals.words, most, process.stdin.isTTY, process.stdin.readableEnded);
  ask();
});

function ask() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (data) => (shown += data));
  const talk = readline.createInterface({ input, output, prompt: '? ', terminal: false });
  talk.question('name: ', (name) => {
    talk.question(`age of ${name}: `, (age) => {
      console.log(name, Number(age) + 1, JSON.stringify(shown));
      talk.close();
    });
    setImmediate(() => input.write('41\n'));
  });
  input.write('Ada\n');
  readline.clearLine(output, 0);
  readline.cursorTo(output, 3);
  talk.on('close', () => console.log('talk over'));
}
