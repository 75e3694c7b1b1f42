/**
 * `npm run oracle:adapter -- [FILE…] [--pauses 12] [--expressions 6] [--seconds 60] [--verbose]`; a program that does not end is ended then
 *
 * The oracle through the debug adapter: at sampled pauses of V8's inspector the adapter is brought to the same execution
 * of the same statement by `continue`, by `reverseContinue`, by stepping forward, by stepping backward and by `goto`; what
 * it shows there, and what it evaluates there, is compared.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from '../support/dap-client.ts';
import { continueInReaderNode, programNode } from '../support/reader-node.ts';
import { compareState, keep, type Compared } from './adapter-state.ts';
import { MOST_HITS, choose, open, placeOf } from './check.ts';
import type { Answer } from './answers.ts';
import { observe } from './observe.ts';
import { PRELUDE, PRELUDE_NAME } from './prelude.ts';
import { listPrograms, type OracleProgram } from './programs.ts';
import { recordRun } from './record.ts';
import type { Snapshot, Value } from './snapshot.ts';
import { findStatements } from './statements.ts';

continueInReaderNode();
const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pauses: { type: 'string', default: '12' },
    expressions: { type: 'string', default: '6' },
    seconds: { type: 'string', default: '60' },
    verbose: { type: 'boolean', default: false },
  },
});

const repository = process.env['HINDCAST_REPOSITORY'] ?? process.cwd();
const own = path.join(repository, 'test/oracle/programs');
const files =
  positionals.length > 0
    ? positionals
    : readdirSync(own)
        .filter((name) => /\.m?[jt]s$/.test(name))
        .map((name) => path.join(own, name));
const scratch = mkdtempSync(path.join(os.tmpdir(), 'hindcast-oracle-'));
const total = {
  programs: 0,
  pauses: 0,
  arrivals: 0,
  values: 0,
  opaque: 0,
  mismatches: 0,
  expressions: 0,
  wrong: 0,
  refused: 0,
  ahead: 0,
  forgotten: 0,
};

interface Pause {
  readonly start: number;
  readonly hit: number;
  readonly snapshot: Snapshot;
  readonly answers: readonly Answer[];
}

for (const program of listPrograms(files, scratch)) {
  const before = { ...total };
  const faults = await check(program).catch((error: unknown) => [String(error instanceof Error ? error.stack : error)]);
  total.programs++;
  total.mismatches += faults.length;
  const counts = `${total.pauses - before.pauses} pauses, ${total.arrivals - before.arrivals} arrivals, ${total.values - before.values} values`;
  const asked = `${total.expressions - before.expressions} expressions, ${total.wrong - before.wrong} wrong, ${total.refused - before.refused} refused`;
  console.log(`${faults.length ? 'DIFFERS' : 'equal  '} ${program.name.padEnd(34)} ${counts}; ${asked}`);
  for (const fault of flags.verbose ? faults : faults.slice(0, 4)) console.log(`    ${fault}`);
}
rmSync(scratch, { recursive: true, force: true });
console.log(
  `${total.programs} programs: ${total.pauses} pauses, ${total.arrivals} arrivals, ${total.values} values, ${total.opaque} opaque, ` +
    `${total.expressions} expressions (${total.wrong} wrong, ${total.refused} need what was not recorded, ${total.ahead} are not initialised yet, ${total.forgotten} V8 does not see), ${total.mismatches} mismatches`,
);
process.exitCode = total.mismatches === 0 && total.programs > 0 ? 0 : 1;

async function check(program: OracleProgram): Promise<string[]> {
  const source = readFileSync(program.file, 'utf8');
  const map = findStatements(source, program.file);
  const folder = path.join(scratch, program.name.replace(/\W+/g, '-'));
  mkdirSync(folder, { recursive: true });
  const prelude = path.join(scratch, PRELUDE_NAME);
  writeFileSync(prelude, PRELUDE);
  const argv = ['--require', prelude, ...program.argv];
  const { cwd } = program;
  const env = { ...process.env, ...program.env };
  const out = path.join(folder, 'recordings');
  const timeoutMs = Number(flags.seconds) * 1000;
  const recorded = await recordRun([programNode, ...argv], { cwd, env, out, repository, timeoutMs });
  const stops = new Set(map.stops.map(({ start }) => start));
  const { starts } = open(recorded.folder, program.file).executions(stops, MOST_HITS, recorded.stopped);
  const pauses: Pause[] = [];
  await observe(
    { node: programNode, argv, program: program.file, cwd, env, timeoutMs, lenienceMs: timeoutMs, ask },
    map,
    choose(map, starts, Number(flags.pauses)),
    ({ start, hit, snapshot, answers = [] }) => {
      pauses.push({ start, hit, snapshot: keep(snapshot), answers });
      return 'go on';
    },
  );
  const client = new Client(cwd);
  await client.start();
  const faults: string[] = [];
  try {
    await client.open({ recording: recorded.folder, startAt: 'entry' });
    const { threads } = (await client.threadsRequest()).body;
    const threadId = threads.find(({ name }) => !/ worker \d+$/.test(name))?.id ?? 1;
    for (const [i, pause] of pauses.entries()) {
      const { line, column } = map.placeOf(pause.start);
      const at = placeOf(map, source, pause.start, pause.hit);
      total.pauses++;
      for await (const way of arrive(
        client,
        threadId,
        program.file,
        { line: line + 1, column: column + 1, hit: pause.hit },
        i,
      )) {
        if (way.fault !== undefined) {
          faults.push(`at ${at}: ${way.name}: ${way.fault}`);
          continue;
        }
        total.arrivals++;
        const found: Compared = await compareState(client, threadId, program.file, pause.snapshot);
        total.values += found.values;
        total.opaque += found.opaque;
        for (const difference of found.differences) faults.push(`at ${at}, by ${way.name}: ${difference}`);
      }
      faults.push(...(await compareAnswers(client, threadId, pause.answers)).map((fault) => `at ${at}: ${fault}`));
    }
  } finally {
    await client.close();
  }
  return faults;
}

interface Target {
  readonly line: number;
  readonly column: number;
  readonly hit: number;
}

/** Comes to the same place in several ways; after each, it stands there. */
async function* arrive(
  client: Client,
  threadId: number,
  file: string,
  { line, column, hit }: Target,
  turn: number,
): AsyncGenerator<{ readonly name: string; readonly fault?: string }> {
  const thread = { threadId };
  const source = { path: file };
  const isBackward = turn % 2 === 1;
  await client.moved(() => client.customRequest('goToMoment', { moment: `${threadId}:${isBackward ? 'end' : 0}` }));
  await client.setBreakpointsRequest({ source, breakpoints: [{ line, column, hitCondition: `== ${hit}` }] });
  const name = isBackward ? 'reverseContinue' : 'continue';
  const stop = await client.moved(() =>
    isBackward ? client.reverseContinueRequest(thread) : client.continueRequest(thread),
  );
  if (stop.reason !== 'breakpoint') {
    yield { name, fault: `stopped for ${stop.reason}` };
    return;
  }
  yield { name };
  const here = stop.description;
  const steps = 3;
  let made = 0;
  if (isBackward) {
    for (; made < steps; made++)
      if ((await client.moved(() => client.customRequest('reverseInto', thread))).reason === 'entry') break;
    const forward = made < steps ? made + 1 : made;
    for (let i = 0; i < forward; i++) await client.moved(() => client.stepInRequest(thread));
  } else {
    for (; made < steps; made++) if ((await client.moved(() => client.stepInRequest(thread))).reason === 'end') break;
    const backward = made < steps ? made + 1 : made;
    for (let i = 0; i < backward; i++) await client.moved(() => client.customRequest('reverseInto', thread));
  }
  yield { name: isBackward ? 'stepping forward' : 'stepping backward' };
  if (turn % 3 !== 0) return;
  await client.moved(() => client.stepBackRequest(thread));
  const { targets } = (await client.gotoTargetsRequest({ source, line })).body;
  const moment = /\d+:\d+/.exec(here ?? '')?.[0];
  const target = targets.find(({ label }) => label.endsWith(` ${moment}`));
  if (!target || targets.filter(({ label }) => label.endsWith(` ${moment}`)).length > 1) {
    // of several hits at one moment none is told from the others
    await client.moved(() => client.customRequest('goToMoment', { moment: `${threadId}:0` }));
    await client.moved(() => client.continueRequest(thread));
    return;
  }
  await client.moved(() => client.gotoRequest({ threadId, targetId: target.id }));
  yield { name: 'goto' };
}

async function compareAnswers(client: Client, threadId: number, answers: readonly Answer[]): Promise<string[]> {
  const faults: string[] = [];
  const [top] = await client.frames(threadId);
  for (const answer of answers) {
    total.expressions++;
    const { expression } = answer;
    let shown: string;
    try {
      shown = (await client.evaluateRequest({ expression, frameId: top!.id, context: 'clipboard' })).body.result;
    } catch (error) {
      shown = (error as Error).message;
      if (/not recorded|part of Node|does not hold|recording|cannot be run again/.test(shown)) {
        total.refused++;
        continue;
      }
    }
    const expected = 'text' in answer ? answer.text : answer.threw;
    if (shown === expected || ('threw' in answer && shown.split('\n')[0] === expected)) continue;
    // V8 forgets the variables of surroundings that a function does not use
    if ('threw' in answer && /^ReferenceError: \S+ is not defined$/.test(expected)) {
      total.forgotten++;
      continue;
    }
    // V8 shows what it left in a binding that is not initialised yet
    if (/Cannot access '\S+' before initialization$/.test(shown)) {
      total.ahead++;
      continue;
    }
    total.wrong++;
    faults.push(`${expression}: inspector ${expected.slice(0, 100)} | adapter ${shown.slice(0, 100)}`);
  }
  return faults;
}

/** Expressions of the innermost frame's variables, whose values are strings. */
function ask({ frames, heap }: Snapshot): string[] {
  const made: string[] = [];
  for (const { variables } of frames[0]?.scopes ?? []) {
    for (const [name, value] of variables) {
      if (/^(?:exports|require|module|__filename|__dirname|arguments|console|process)$/.test(name)) continue;
      made.push(...expressionsOf(name, value, heap));
    }
  }
  const most = Number(flags.expressions);
  // spread over what there is
  return made.filter((_, i) => Math.floor(((i + 1) * most) / made.length) > Math.floor((i * most) / made.length));
}

function expressionsOf(name: string, value: Value, heap: Snapshot['heap']): string[] {
  switch (value.t) {
    case 'number':
      return [
        `\`\${${name} * 2 + 1} \${${name}.toFixed(2)}\``,
        `String([${name}, ${name} > 0].map((x) => typeof x + x))`,
      ];
    case 'string':
      return [
        `${name}.toUpperCase() + ${name}.length`,
        `[...${name}].reverse().join('')`,
        `JSON.stringify(${name}.split(/\\W/))`,
      ];
    case 'object': {
      const object = heap(value.id);
      if (object?.kind === 'array')
        return [
          `JSON.stringify(${name}.map((x, i) => [i, typeof x]))`,
          `${name}.slice(1).length + typeof ${name}[0]`,
          `JSON.stringify(${name})`,
        ];
      if (object?.kind === 'map' || object?.kind === 'set')
        return [`[...${name}.keys()].map((key) => typeof key).join()`, `String(${name}.size)`];
      if (object?.kind === 'function') return [`${name}.name + ${name}.length + typeof ${name}.prototype`];
      if (object?.kind === 'plain')
        return [
          `Object.keys(${name}).sort().join()`,
          `JSON.stringify(${name})`,
          `String(${name} instanceof Object) + typeof ${name}.constructor`,
        ];
      return [`Object.prototype.toString.call(${name})`];
    }
    // V8 gives undefined for what is not initialised yet, where the language throws
    case 'boolean':
    case 'null':
      return [`String(${name} ?? 'nothing')`];
    default:
      return [];
  }
}
