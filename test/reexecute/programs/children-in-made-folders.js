// Node programs that run in a folder that the run made, and removes: as tests of command-line tools do.
const { execFileSync, spawn } = require('node:child_process');
const { mkdtempSync, realpathSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'made-')));
writeFileSync(path.join(folder, 'settings.cjs'), 'module.exports = { loud: true, times: 3 };\n');
writeFileSync(path.join(folder, 'names.txt'), 'ann\nben\n');
const tool = path.join(folder, 'tool.js');
writeFileSync(
  tool,
  `const fs = require('node:fs');
   const path = require('node:path');
   const settings = require(path.join(process.cwd(), 'settings.cjs'));
   const names = fs.readFileSync('names.txt', 'utf8').trim().split('\\n');
   const [, program, from] = process.argv;
   for (const name of names) {
     const said = Array.from({ length: settings.times }, () => name).join(' ');
     console.log(from, settings.loud ? said.toUpperCase() : said);
   }
   console.log(process.cwd() === path.dirname(program), path.basename(program), String(process.cwd).includes('native'));
   if (from === 'spawn') {
     const nested = require('node:child_process').execFileSync(process.execPath, ['tool.js', 'nested'], { encoding: 'utf8' });
     console.log(nested.trim());
   }`,
);

const sync = execFileSync(process.execPath, ['tool.js', 'sync'], { cwd: folder, encoding: 'utf8' });
console.log(sync.trim());
const child = spawn(process.execPath, [tool, 'spawn'], { cwd: folder, env: { TERM: 'dumb' } });
let text = '';
child.stdout.on('data', (data) => (text += data));
child.stderr.on('data', (data) => (text += data));
child.on('close', (code) => {
  console.log(text.trim());
  console.log('ended', code);
  rmSync(folder, { recursive: true });
});
