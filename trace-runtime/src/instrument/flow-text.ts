/**
 * The text that rolls the control-flow hash, the same at both levels. An activation rolls the places it comes to into a
 * local variable, `__hch`, in registers; what it came to is rolled into the hash of the tick when it ends. One that is
 * suspended rolls each place into the tick's hash at once, since it may go on in another tick.
 *
 *     local      h = s(entry), then for a loop's body h = x h ^ s(place), for an arm h = h ^ s(place)
 *     of a tick  a = 31 a + h,  b = 1000003 b + h            over activations, in the order in which they end
 *
 * a and b modulo 2^32, x h modulo the polynomial of CRC-32C: bitwise operators make no number that needs memory before V8
 * has compiled the function. s(place) is `stepOf` of model/sites.ts. Between two rolls of loops an activation comes to an
 * arm once at most, and arms stand in the order of the text: which of them it came to says which way it went. So the
 * exclusive or of numbers that are far apart tells them apart, and what follows from the rest rolls nothing: an `else`, a
 * `finally`, a block that is just entered. Where in straight code an exception leaves it is not told, nor what is on the
 * stack when the process ends.
 */
import type { OpRef, Piece } from './edits.ts';
import type { Emitter, FunctionContext } from './emitter.ts';

/** Changes whenever the same run would have another hash. */
export const FLOW_VERSION = 5;

/** x^32 modulo the polynomial of CRC-32C (Castagnoli et al. 1993). */
const REDUCED = 0x1edc6f41;

/** Rolls a loop's body, at both levels. */
export function rollBoth(e: Emitter, c: FunctionContext, position: number, place: OpRef): void {
  insertBoth(e, position, place, rolled(c, place));
}

/** As `rollBoth`, for what no activation comes to twice without a loop's body between. */
export function rollArm(e: Emitter, c: FunctionContext, position: number, place: OpRef): void {
  if (c.suspendable) return rollBoth(e, c, position, place);
  c.rolls = true;
  insertBoth(e, position, place, ['__hch^=', { step: place }, ';']);
}

function insertBoth(e: Emitter, position: number, place: OpRef, text: readonly Piece[]): void {
  e.edits.insert(position, ...text);
  e.light.insert(position, ...(e.inStaticBlock ? ['/*', { word: place }, '*/'] : []), ...text);
}

/** A statement. */
export function rolled(c: FunctionContext, place: OpRef): Piece[] {
  if (c.suspendable) return ['__hck(', { step: place }, ');'];
  c.rolls = true;
  return [`__hch=__hch<<1^__hch>>31&${REDUCED}^`, { step: place }, ';'];
}

/** What a declaration of an activation's own names ends with, where it rolls in registers. */
export function hashVariable(c: FunctionContext, entry: OpRef): Piece[] {
  return c.rolls ? [',__hch=', { step: entry }] : [];
}

/** What an activation that rolls in registers has come to. */
export function hashOf(c: FunctionContext, entry: OpRef): Piece {
  return c.rolls ? '__hch' : { step: entry };
}

/** Level light: what begins a body. Recorded code may be entered with none on the stack, but for what it calls itself. */
export function lightPrologue(c: FunctionContext, entry: OpRef, protect: boolean): Piece[] {
  const own = [...(c.suspendable ? ['__hcs=0'] : []), ...c.lightTemps].map((name) => `,${name}`).join('');
  const names: Piece[] = c.isInner
    ? [c.rolls ? ['let __hch=', { step: entry }, ';'] : [], c.recurs ? '__hci();' : '__hcA[10]++;'].flat()
    : [
        c.rolls || own !== '' ? 'let ' : 'const ',
        c.recurs ? '__hcc=__hcp()' : '__hcc=__hcq()',
        own,
        ...hashVariable(c, entry),
        ';',
      ];
  // the comment says to whom a function's text belongs (recorder/disguise.ts)
  return ['/*', { word: entry }, '*/', ...names, ...(c.suspendable ? rolled(c, entry) : []), protect ? 'try{' : ''];
}

/** Level light: what a body's `try` ends with. A promise is rejected with what an asynchronous function has not caught. */
export function lightFinally(isAsync: boolean): string {
  return isAsync ? '}catch(__hcx){__hco(__hcx);throw __hcx}finally{' : '}finally{';
}

/**
 * Level light: rolls what an activation came to by no call, for which there may be no room where the stack is full of its
 * function. (That is slower until V8 has compiled it.) The numbers stay below 2^53, so that this is what `imul` makes.
 */
function lightRoll(c: FunctionContext, entry: OpRef): Piece[] {
  if (c.rolls) return [ROLL];
  return ['__hcA[4]=__hcA[4]*31+', { step: entry }, '|0,__hcA[5]=__hcA[5]*1000003+', { step: entry }, '|0'];
}

const ROLL = '__hcA[4]=__hcA[4]*31+__hch|0,__hcA[5]=__hcA[5]*1000003+__hch|0';

/** Level light: an activation ends. */
export function lightExit(c: FunctionContext, entry: OpRef): Piece[] {
  if (c.suspendable) return [RESUME, '__hcA[2]=__hcc;'];
  if (!c.recurs) return [c.isInner ? '__hck(' : '__hcr(', hashOf(c, entry), c.isInner ? ');' : ',__hcc);'];
  return [lightRoll(c, entry), c.isInner ? ';' : ';__hcA[2]=__hcc;'].flat();
}

/** After a throw or a return into a suspended activation: it goes on where it was suspended. */
export const RESUME = '__hcs&&(__hcc=__hcU(0,__hcs),__hcs=0);';

/** An expression that ends an activation whose body no `try` protects. Such a one always has its variable. */
export function returnText(c: FunctionContext): { readonly full: string; readonly light: string } {
  if (c.suspendable) return { full: '__hcA[2]=__hcc', light: '__hcA[2]=__hcc' };
  const full = '__hck(__hch)';
  if (!c.recurs) return { full, light: c.isInner ? full : '__hcr(__hch,__hcc)' };
  return { full, light: c.isInner ? ROLL : `${ROLL},__hcA[2]=__hcc` };
}
