'use strict';
// Errors: subclasses, cause chains, aggregate, stacks kept in data, rethrow, finally overriding returns.
class AppError extends Error {
  constructor(message, { code = 'E_APP', ...options } = {}) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.at = [1, 2];
  }
}
class NotFound extends AppError {
  get status() {
    return 404;
  }
}
function read(table, key) {
  if (!(key in table)) throw new NotFound(`no ${key}`, { code: 'E_KEY', cause: new RangeError('empty') });
  return table[key].value.deep;
}
function load(table, keys) {
  const failures = [];
  const values = [];
  for (const key of keys) {
    try {
      const value = read(table, key);
      values.push(value);
    } catch (error) {
      if (error instanceof TypeError) {
        error = new AppError('wrapped', { cause: error });
      }
      failures.push(error);
      continue;
    } finally {
      values.push(`after ${key}`);
    }
  }
  if (failures.length) throw new AggregateError(failures, `${failures.length} failed`);
  return values;
}
let aggregate;
try {
  load({ a: { value: { deep: 1 } }, b: {} }, ['a', 'b', 'c']);
} catch (error) {
  aggregate = error;
}
function override() {
  try {
    throw new Error('lost');
  } finally {
    return 'kept';
  }
}
const kept = override();
const chain = [];
for (let error = aggregate; error; error = error.cause ?? error.errors?.[1]) {
  const line = `${error.name}: ${error.message}`;
  chain.push(line);
}
const thrown = [];
for (const value of ['text', 0, null, undefined, { plain: true }]) {
  try {
    throw value;
  } catch (caught) {
    thrown.push(caught);
  }
}
const [first] = aggregate.errors[1].stack.split('\n');
console.log(chain, kept, thrown, first, aggregate.errors[1].status, aggregate.errors[1].code);
