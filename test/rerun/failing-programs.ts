/** Programs of many kinds that fail on large inputs, each with the edit that mends it: for what is minimized and generated. */
import { inputs } from './failing-inputs.ts';

export interface FailingProgram {
  readonly name: string;
  /** what its input is */
  readonly about: string;
  readonly files: Readonly<Record<string, string>>;
  /** after `node` */
  readonly command: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** it writes its port into a file `port`, and gets these in their order */
  readonly requests?: readonly {
    readonly method: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }[];
  /** of a failing test */
  readonly runner?: 'node' | 'vitest' | 'jest' | 'mocha';
  /** packages of the repository are there */
  readonly packages?: boolean;
  readonly mend: readonly [file: string, was: string, is: string];
}

const { prices, log, users, config, events, template, markdown, posts, order, status, tree } = inputs;

export const FAILING_PROGRAMS: readonly FailingProgram[] = [
  {
    name: 'arguments',
    about: 'words of a command line',
    files: {
      'main.js': `
        const { parseOptions } = require('./options.js');
        const { files, options } = parseOptions(process.argv.slice(2));
        console.log(files.length, Object.keys(options).length);
      `,
      'options.js': `
        exports.parseOptions = (words) => {
          const options = {};
          const files = [];
          for (const word of words) {
            if (!word.startsWith('--')) files.push(word);
            else {
              const [name, value] = word.slice(2).split('=');
              options[name] = value.trim();
            }
          }
          return { files, options };
        };
      `,
    },
    command: [
      'main.js',
      ...Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? `--option-${i}=value ${i}` : `src/part-${i}/index.html`)),
      '--verbose',
      ...Array.from({ length: 20 }, (_, i) => `docs/page-${i}.html`),
    ],
    mend: ['options.js', 'value.trim()', '(value ?? "true").trim()'],
  },
  {
    name: 'environment',
    about: 'a list in a variable',
    files: {
      'main.js': `
        const flags = new Map();
        for (const pair of (process.env.FEATURE_FLAGS ?? '').split(',')) {
          const [name, level] = pair.split(':');
          flags.set(name, Number(level));
        }
        const region = process.env.APP_REGION.toUpperCase();
        for (const [name, level] of flags) if (!Number.isInteger(level)) throw new TypeError("no level for '" + name + "' in '" + region + "'");
      `,
    },
    command: ['main.js'],
    env: {
      FEATURE_FLAGS: Array.from({ length: 60 }, (_, i) => `feature-${i}:${i === 37 ? 'on' : i % 4}`).join(','),
      APP_REGION: 'europe-west-frankfurt-primary',
    },
    mend: ['main.js', 'Number(level)', '(Number(level) || 0)'],
  },
  {
    name: 'stdin-text',
    about: 'markdown on stdin',
    files: {
      'main.js': `
        const fs = require('node:fs');
        const { outline } = require('./outline.js');
        console.log(outline(fs.readFileSync(0, 'utf8')));
      `,
      'outline.js': `
        function parse(text) {
          const titles = [];
          for (const line of text.split('\\n')) {
            const found = /^(#+) (.*)/.exec(line);
            if (found) titles.push({ depth: found[1].length, title: found[2] });
          }
          return titles;
        }
        exports.outline = (text) => {
          const root = { children: [] };
          const open = [root];
          for (const { depth, title } of parse(text)) {
            const node = { title, children: [] };
            open[depth - 1].children.push(node);
            open.splice(depth, Infinity, node);
          }
          return root.children.length;
        };
      `,
    },
    command: ['main.js'],
    input: markdown,
    mend: ['outline.js', 'open[depth - 1].', '(open[depth - 1] ?? open.at(-1)).'],
  },
  {
    name: 'stdin-json-lines',
    about: 'one JSON a line on stdin',
    files: {
      'main.js': `
        const { createInterface } = require('node:readline');
        const totals = {};
        function add({ user, amount }) {
          totals[user.name] = (totals[user.name] ?? 0) + amount.cents;
        }
        createInterface({ input: process.stdin })
          .on('line', (line) => line.trim() && add(JSON.parse(line)))
          .on('close', () => console.log(Object.keys(totals).length));
      `,
    },
    command: ['main.js'],
    input: events,
    mend: ['main.js', 'amount.cents', '(amount?.cents ?? 0)'],
  },
  {
    name: 'csv-file',
    about: 'a table in a file',
    files: {
      'prices.csv': prices,
      'table.js': `
        exports.parse = (text) => {
          const [head, ...rows] = text.trim().split('\\n').map((line) => line.split(','));
          return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])));
        };
      `,
      'main.js': `
        const fs = require('node:fs');
        const { parse } = require('./table.js');
        function total(rows) {
          let sum = 0;
          for (const row of rows) {
            const price = Number(row.price);
            if (Number.isNaN(price)) throw new RangeError('a price is no number');
            sum += price * Number(row.count);
          }
          return sum;
        }
        console.log(total(parse(fs.readFileSync('prices.csv', 'utf8'))));
      `,
    },
    command: ['main.js'],
    mend: ['main.js', "throw new RangeError('a price is no number')", 'continue'],
  },
  {
    name: 'json-file',
    about: 'a list of records in a JSON file',
    files: {
      'users.json': users,
      'main.mjs': `
        import { readFile } from 'node:fs/promises';
        import { cities } from './cities.mjs';
        console.log(cities(JSON.parse(await readFile('users.json', 'utf8')).users));
      `,
      'cities.mjs': `
        export function cities(users) {
          const found = {};
          for (const user of users) (found[user.address.city.toLowerCase()] ??= []).push(user.name);
          return found;
        }
      `,
    },
    command: ['main.mjs'],
    mend: ['cities.mjs', 'user.address.city.toLowerCase()', '(user.address?.city ?? "").toLowerCase()'],
  },
  {
    name: 'nested-config',
    about: 'a configuration with deep defaults',
    files: {
      'config.json': config,
      'main.js': `
        const fs = require('node:fs');
        const { resolve } = require('./resolve.js');
        const config = JSON.parse(fs.readFileSync('config.json', 'utf8'));
        for (const name of Object.keys(config.services)) console.log(name, resolve(config, name).timeout);
      `,
      'resolve.js': `
        exports.resolve = function resolve(config, name, depth = 0) {
          const { extends: parent, ...own } = config.services[name].settings;
          if (depth > 20) throw new RangeError('a service extends itself');
          return parent === undefined ? own : { ...resolve(config, parent, depth + 1), ...own };
        };
      `,
    },
    command: ['main.js'],
    mend: [
      'resolve.js',
      "if (depth > 20) throw new RangeError('a service extends itself');",
      'if (depth > 20) return own;',
    ],
  },
  {
    name: 'json-tree',
    about: 'an expression as a tree',
    files: {
      'formula.json': tree,
      'main.js': `
        const fs = require('node:fs');
        const { evaluate } = require('./evaluate.js');
        console.log(evaluate(JSON.parse(fs.readFileSync('formula.json', 'utf8')), { x: 2 }));
      `,
      'evaluate.js': `
        const OPERATORS = { '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b };
        exports.evaluate = function evaluate(node, names) {
          if (typeof node === 'number') return node;
          if (node.name !== undefined) return names[node.name];
          const operator = OPERATORS[node.operator];
          return operator(evaluate(node.left, names), evaluate(node.right, names));
        };
      `,
    },
    command: ['main.js'],
    mend: ['evaluate.js', 'return operator(', 'if (!operator) return NaN;\n          return operator('],
  },
  {
    name: 'log-file',
    about: 'a log read as a stream',
    files: {
      'server.log': log,
      'main.js': `
        const fs = require('node:fs');
        const { createInterface } = require('node:readline');
        const PATTERN = /^(\\S+) \\[(\\w+)\\] (\\w+) took (\\d+) ms$/;
        async function main() {
          const slowest = {};
          for await (const line of createInterface({ input: fs.createReadStream('server.log') })) {
            const [, , , route, ms] = PATTERN.exec(line);
            slowest[route] = Math.max(slowest[route] ?? 0, Number(ms));
          }
          console.log(slowest);
        }
        main();
      `,
    },
    command: ['main.js'],
    mend: ['main.js', 'PATTERN.exec(line);', 'PATTERN.exec(line) ?? [];'],
  },
  {
    name: 'template',
    about: 'a template of a page',
    files: {
      'page.html': template,
      'main.js': `
        const fs = require('node:fs');
        const { render } = require('./render.js');
        console.log(render(fs.readFileSync('page.html', 'utf8'), { title: 'Home', items: [1, 2] }).length);
      `,
      'render.js': `
        exports.render = (text, values) => {
          const open = [];
          return text.replace(/{{([#/]?)(\\w+)}}/g, (_, kind, name) => {
            if (kind === '#') open.push(name);
            else if (kind === '/') {
              const last = open.pop();
              if (last !== name) throw new SyntaxError("'" + name + "' is closed, but '" + last + "' is open");
            } else return String(values[name] ?? '');
            return '';
          });
        };
      `,
    },
    command: ['main.js'],
    mend: ['render.js', 'if (last !== name) throw', 'if (last === name && !last) throw'],
  },
  {
    name: 'http-sequence',
    about: 'requests to a server of its own',
    files: {
      'main.js': `
        const http = require('node:http');
        const fs = require('node:fs');
        const { Stock } = require('./stock.js');
        const stock = new Stock();
        const server = http.createServer((request, response) => {
          const url = new URL(request.url, 'http://localhost');
          const [, action, name] = url.pathname.split('/');
          const count = Number(url.searchParams.get('count') ?? 1);
          if (action === 'add') stock.add(name, count);
          else if (action === 'take') stock.take(name, count);
          response.end(JSON.stringify({ left: stock.left(name) }));
        });
        server.listen(0, () => fs.writeFileSync('port', String(server.address().port)));
      `,
      'stock.js': `
        exports.Stock = class Stock {
          #counts = new Map();
          add(name, count) { this.#counts.set(name, this.left(name) + count); }
          take(name, count) {
            if (this.left(name) < count) throw new RangeError('more is taken than there is');
            this.#counts.set(name, this.left(name) - count);
          }
          left(name) { return this.#counts.get(name) ?? 0; }
        };
      `,
    },
    command: ['main.js'],
    requests: Array.from({ length: 24 }, (_, i) => ({
      method: 'GET',
      path:
        i % 4 === 3
          ? `/take/item${i % 3}?count=${i === 19 ? 400 : 1}&session=abcdef${i}`
          : `/add/item${i % 3}?count=2&session=abcdef${i}`,
      headers: { 'x-trace': `trace-${i}-0123456789` },
    })),
    mend: ['stock.js', "throw new RangeError('more is taken than there is')", 'return'],
  },
  {
    name: 'json-body',
    about: 'the body of a POST',
    files: {
      'main.js': `
        const http = require('node:http');
        const fs = require('node:fs');
        const { total } = require('./total.js');
        const server = http.createServer(async (request, response) => {
          let body = '';
          for await (const part of request) body += part;
          response.end(request.method === 'POST' ? String(total(JSON.parse(body))) : 'ok');
        });
        server.listen(0, () => fs.writeFileSync('port', String(server.address().port)));
      `,
      'total.js': `
        exports.total = ({ items, customer }) =>
          items.reduce((sum, { price, discount }) => sum + price.amount * (1 - (discount?.rate ?? 0)), 0) * customer.factor;
      `,
    },
    command: ['main.js'],
    requests: [
      { method: 'GET', path: '/health' },
      { method: 'GET', path: '/ready' },
      { method: 'POST', path: '/total', headers: { 'content-type': 'application/json' }, body: order },
    ],
    mend: ['total.js', 'price.amount', '(price?.amount ?? 0)'],
  },
  {
    name: 'child-output',
    about: 'what a child process prints',
    files: {
      'status.txt': status,
      'main.js': `
        const { execFileSync } = require('node:child_process');
        const { summary } = require('./summary.js');
        console.log(summary(execFileSync('cat', ['status.txt'], { encoding: 'utf8' })));
      `,
      'summary.js': `
        const KINDS = { M: 'changed', A: 'new', D: 'gone' };
        exports.summary = (text) => {
          const counts = {};
          for (const line of text.split('\\n').filter(Boolean)) {
            const kind = KINDS[line[0]].toUpperCase();
            counts[kind] = (counts[kind] ?? 0) + 1;
          }
          return counts;
        };
      `,
    },
    command: ['main.js'],
    mend: ['summary.js', 'KINDS[line[0]].', "(KINDS[line[0]] ?? 'other')."],
  },
  {
    name: 'folder',
    about: 'the names in a folder and what is in them',
    files: {
      ...posts,
      'main.js': `
        const fs = require('node:fs');
        const path = require('node:path');
        function read(file) {
          const [head, ...body] = fs.readFileSync(file, 'utf8').split('---\\n');
          const fields = Object.fromEntries(head.trim().split('\\n').map((line) => line.split(': ')));
          return { ...fields, words: body.join('').split(' ').length };
        }
        const all = fs.readdirSync('posts').map((name) => read(path.join('posts', name)));
        all.forEach(({ date }) => {
          if (Number.isNaN(Date.parse(date))) throw new RangeError('a post without a date');
        });
      `,
    },
    command: ['main.js'],
    mend: ['main.js', "throw new RangeError('a post without a date')", 'return'],
  },
  {
    name: 'test-with-fixture',
    about: 'a file that a test reads',
    files: {
      'users.json': users,
      'cities.js': `
        const fs = require('node:fs');
        exports.load = (file) => JSON.parse(fs.readFileSync(file, 'utf8')).users;
        exports.cities = (users) => new Set(users.map((user) => user.address.city));
      `,
      'cities.test.js': `
        const test = require('node:test');
        const assert = require('node:assert');
        const path = require('node:path');
        const { load, cities } = require('./cities.js');
        const users = load(path.join(__dirname, 'users.json'));
        test('loads', () => assert.ok(users.length > 0));
        test('every user has a city', () => assert.ok(cities(users).size >= 1));
      `,
    },
    command: ['--test', 'cities.test.js'],
    mend: ['cities.js', 'user.address.city', 'user.address?.city'],
  },
  {
    name: 'form-body',
    about: 'fields of a form that is posted',
    files: {
      'main.js': `
        const http = require('node:http');
        const fs = require('node:fs');
        function book(form) {
          const [from, to] = [new Date(form.get('from')), new Date(form.get('to'))];
          const nights = (to - from) / 86400000;
          if (!(nights > 0)) throw new RangeError('no night between the dates');
          return nights;
        }
        const server = http.createServer((request, response) => {
          let body = '';
          request.on('data', (part) => (body += part));
          request.on('end', () => response.end(String(book(new URLSearchParams(body)))));
        });
        server.listen(0, () => fs.writeFileSync('port', String(server.address().port)));
      `,
    },
    command: ['main.js'],
    requests: [
      { method: 'POST', path: '/book', body: 'from=2026-01-01&to=2026-01-03&name=Ann' },
      {
        method: 'POST',
        path: '/book?source=mail',
        body: 'name=Bob+Miller&street=Long+Street+12&city=Springfield&from=2026-02-07&to=2026-02-07&guests=2&notes=late+arrival+with+two+dogs',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
    ],
    mend: ['main.js', "if (!(nights > 0)) throw new RangeError('no night between the dates');", ''],
  },
];
