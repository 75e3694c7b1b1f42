// Texts of stacks: made at the first look, changed before and after it, taken for objects that are no errors.
const seen = [];
class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
    this.name = 'HttpError';
    Error.captureStackTrace(this, HttpError);
  }
}
function OldStyle(message) {
  Error.captureStackTrace(this, OldStyle);
  this.message = message;
  this.name = 'OldStyle';
}
OldStyle.prototype = Object.create(Error.prototype, { constructor: { value: OldStyle } });

function make(kind) {
  const error = kind === 'old' ? new OldStyle('old message') : new HttpError(404, 'not here');
  seen.push(kind);
  return error;
}
const first = make('http');
first.message = 'changed before the look';
const line = first.stack.split('\n')[0];
first.message = 'changed after the look';
seen.push(line);
const second = make('old');
second.extra = 1;
const oldLine = second.stack.split('\n')[0];
seen.push(oldLine);
const holder = {};
Error.captureStackTrace(holder);
holder.name = 'Holder';
seen.push(typeof holder.stack);
const replaced = new RangeError('replaced');
replaced.stack = 'a stack of the program';
seen.push(replaced.stack);
const own = new TypeError('own');
Object.defineProperty(own, 'stack', { get() { return `made of ${this.message}`; }, configurable: true });
seen.push(own.stack);
const shown = new SyntaxError('shown');
shown.stack = shown.stack.replace(/\n[^]*/, '');
seen.push(shown.stack);
const gone = new Error('gone');
delete gone.stack;
seen.push(gone.stack);
const never = new AggregateError([first, second], 'never looked at');
never.note = 'x';
const before = Error.prepareStackTrace;
Error.prepareStackTrace = (error, frames) => `${error.message} in ${frames.length > 0}`;
const prepared = new Error('prepared');
seen.push(prepared.stack);
Error.prepareStackTrace = before;
const limit = Error.stackTraceLimit;
Error.stackTraceLimit = 1;
const short = new Error('short');
seen.push(short.stack.split('\n').length);
Error.stackTraceLimit = limit;
console.log(seen.length, never.errors.length, seen);
