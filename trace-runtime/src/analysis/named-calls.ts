/** Calls of methods by a name, wherever they stand in the program, and when they were made. */
import type { LoadedFile } from '../query/activation.ts';
import type { Position } from '../query/timeline.ts';
import { Reenactment } from './reenact.ts';
import { lastRun, stepAround } from './run.ts';
import { keyText, plain, type Of } from './syntax.ts';
import { syntaxOf, type Traced, type Work } from './traced.ts';

/** Statements that are looked at. */
const HITS = 1000;

export interface MadeCall {
  readonly re: Reenactment;
  readonly call: Of<'CallExpression'>;
}

interface CallPlace {
  readonly file: LoadedFile;
  readonly call: Of<'CallExpression'>;
  readonly op: number;
}

/** The nearest call of a method of that name, before the place or behind it, that is the one. */
export function* nearestCall(
  traced: Traced,
  name: string,
  from: Position,
  direction: 'backward' | 'forward',
  isIt: (made: MadeCall) => boolean,
): Work<MadeCall | undefined> {
  const { timeline } = traced;
  const places = traced.files.flatMap((file) => callsIn(traced, file, name));
  if (places.length === 0) return undefined;
  const sites = new Set(places.map(({ file, op }) => file.base + op));
  let at = from;
  for (let hits = 0; hits < HITS; hits++) {
    let hit: { readonly call: number; readonly file: LoadedFile; readonly op: number } | undefined;
    const find = {
      sites,
      statement: ({ serial, file }: { readonly serial: number; readonly file: LoadedFile }, op: number): boolean => {
        const isThere = sites.has(file.base + op);
        if (isThere) hit = { call: serial, file, op };
        return isThere;
      },
    };
    timeline.seek(at);
    const isFound = yield* direction === 'forward' ? timeline.forward(find) : timeline.backward(at, find);
    if (!isFound || !hit) return undefined;
    const found = timeline.position;
    const behind = { moment: found.moment, statements: found.statements + 1 };
    const run = yield* lastRun(traced, hit, behind, Infinity);
    const re = run && new Reenactment(traced, run);
    for (const { call, op, file } of places)
      if (re && file === hit.file && op === hit.op && isIt({ re, call })) return { re, call };
    at = direction === 'forward' ? behind : found;
  }
  return undefined;
}

export function isCallOf({ callee }: Of<'CallExpression'>, name: string): boolean {
  const inner = plain(callee);
  return inner.type === 'MemberExpression' && keyText(inner.property, inner.computed) === name;
}

function callsIn(traced: Traced, file: LoadedFile, name: string): CallPlace[] {
  const syntax = syntaxOf(traced, file);
  if (!syntax) return [];
  return [...syntax.beginning(0, Infinity)].flatMap((call) => {
    if (call.type !== 'CallExpression' || !isCallOf(call, name)) return [];
    const op = stepAround(file, syntax, call);
    return op < 0 ? [] : [{ file, call, op }];
  });
}
