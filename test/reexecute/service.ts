/** A service that is recorded with a rolling window, and requests to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processLives } from '../../trace-runtime/src/base/processes.ts';
import { NODE, type Program } from '../rerun/program.ts';

const cli = path.join(process.env['HINDCAST_REPOSITORY'] ?? process.cwd(), 'cli/dist/hindcast.cjs');

/** Prices in a file, read for each request, `wait` milliseconds after it came; some memory that nothing depends on; an item without a price fails. */
export const SHOP = `
  const http = require('node:http');
  const fs = require('node:fs');
  const prices = JSON.parse(fs.readFileSync('prices.json', 'utf8'));
  const seen = new Map();
  setInterval(() => seen.clear(), 300);
  function price(item, count) {
    const each = prices[item];
    if (each === undefined) throw new RangeError('no price of ' + item);
    return each * count;
  }
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://shop');
    const item = url.pathname.slice(1);
    seen.set(item, Date.now());
    setTimeout(() => fs.readFile('prices.json', 'utf8', (error, text) => {
      try {
        const total = price(item, Number(url.searchParams.get('count')));
        response.end(JSON.stringify({ item, total, size: text.length }));
      } catch (problem) {
        response.statusCode = 500;
        response.end(String(problem));
      }
    }), Number(url.searchParams.get('wait') ?? 1));
  });
  server.listen(0, () => fs.writeFileSync('port', JSON.stringify([server.address().port, process.pid])));
`;

/** As the shop, with a cache that decides the way of most requests, and a count of them. */
export const CACHING_SHOP = `
  const http = require('node:http');
  const fs = require('node:fs');
  const cache = new Map();
  let served = 0;
  http.createServer((request, response) => {
    served++;
    const { pathname } = new URL(request.url, 'http://shop');
    if (pathname === '/melon' || pathname === '/count') {
      response.statusCode = 500;
      return response.end(pathname === '/melon' ? 'no melons' : 'no ' + served);
    }
    const known = cache.get(pathname);
    if (known) known.hits++;
    else cache.set(pathname, { hits: 1 });
    response.end('yes');
  }).listen(0, function () { fs.writeFileSync('port', JSON.stringify([this.address().port, process.pid])); });
`;

export const SHOP_FILES = { 'shop.js': SHOP, 'prices.json': '{"apple":3,"pear":4,"plum":5}' };

export class Service {
  readonly folder: string;
  readonly port: number;
  /** of the program */
  readonly pid: number;
  readonly #record: ChildProcess;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 8 });

  private constructor(record: ChildProcess, folder: string, [port, pid]: readonly [number, number]) {
    this.#record = record;
    this.folder = folder;
    this.port = port;
    this.pid = pid;
  }

  static async start(program: Program, keep: string, node = NODE): Promise<Service> {
    const args = ['record', '--level', 'light', '--keep', keep, '--path-file', 'recorded', '--', node];
    const record = spawn(process.execPath, [cli, ...args, 'shop.js'], { cwd: program.folder, stdio: 'ignore' });
    const ports = JSON.parse(await program.written('port')) as [number, number];
    return new Service(record, readFileSync(program.at('recorded'), 'utf8').trim(), ports);
  }

  /** The status of the answer. */
  ask(file: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = http.get({ port: this.port, path: file, agent: this.#agent }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      request.on('error', reject);
    });
  }

  /** Eight at a time. How many were answered. */
  async load(milliseconds: number): Promise<number> {
    const until = Date.now() + milliseconds;
    const items = ['apple', 'pear', 'plum'];
    let asked = 0;
    const one = async (): Promise<void> => {
      while (Date.now() < until) {
        const count = asked++;
        await this.ask(`/${items[count % 3]}?count=${count}`);
        await pause(4);
      }
    };
    await Promise.all(Array.from({ length: 8 }, one));
    return asked;
  }

  /** Load until something was dropped behind the start-up: on a slow machine that takes its time. */
  async loadUntilDropped(milliseconds: number): Promise<void> {
    const ledger = path.join(this.folder, 'ledger.jsonl');
    do await this.load(milliseconds);
    while (!readFileSync(ledger, 'utf8').includes('"dropped"'));
  }

  /** Kills the program, and waits until its recording is complete. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const ended = once(this.#record, 'exit');
    process.kill(this.pid, signal);
    await ended;
    this.#agent.destroy();
  }

  get lives(): boolean {
    return processLives(this.pid);
  }
}
