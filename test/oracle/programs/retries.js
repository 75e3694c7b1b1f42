// A retrying client: causes, AggregateError, custom errors, rethrow in finally, stack edits.
'use strict';
class AppError extends Error {
  static codes = new Map();
  constructor(message, { code = 'E_APP', ...options } = {}) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    AppError.codes.set(code, (AppError.codes.get(code) ?? 0) + 1);
  }
  get [Symbol.toStringTag]() { return `App<${this.code}>`; }
}
class NetError extends AppError { constructor(host, cause) { super(`cannot reach ${host}`, { code: 'E_NET', cause }); this.host = host; } }
const attempts = [];
async function call(host, n) {
  attempts.push(`${host}#${n}`);
  if (host === 'good' && n === 2) return { host, n };
  if (host === 'weird') throw { odd: true };
  await null;
  throw new NetError(host, new Error(`errno ${n}`));
}
async function retry(host, times) {
  const errors = [];
  for (let n = 1; n <= times; n++) {
    try { return await call(host, n); } catch (error) {
      if (!(error instanceof AppError)) throw new AppError('unexpected', { cause: error });
      errors.push(error);
    }
  }
  throw new AggregateError(errors, `${host}: all ${times} failed`);
}
const root = (error) => { let e = error; const seen = new Set(); while (e?.cause && !seen.has(e)) { seen.add(e); e = e.cause; } return e; };
async function main() {
  const ok = await retry('good', 3);
  const all = await Promise.allSettled([retry('bad', 2), retry('weird', 2), retry('good', 1)]);
  const reasons = all.map(({ status, reason }) => [status, reason?.message, reason?.errors?.length, root(reason)?.message]);
  let any;
  try { await Promise.any([retry('x', 1), retry('y', 1)]); } catch (e) { any = e; }
  const [{ errors: [{ cause: deep }] }] = any.errors;
  const loop = new Error('loop');
  loop.cause = loop;
  const self = root(loop);
  const plain = Object.assign(new TypeError('t'), { detail: { a: [1] } });
  delete plain.stack;
  const kept = Object.getOwnPropertyNames(plain);
  let order = [];
  const run = () => { try { order.push(1); throw new AppError('first'); } catch (e) { order.push(2); throw new AppError('second', { cause: e, code: 'E2' }); } finally { order.push(3); } };
  let second;
  try { run(); } catch ({ message, cause: { message: inner, ...extra }, ...others }) { second = { message, inner, extra, others }; }
  const thrownBy = (f) => { try { return f(); } catch (e) { return e instanceof Error ? `${e.name}: ${e.message}` : e; } };
  const builtin = [() => null.x, () => undefinedName, () => (1n + 1), () => new Array(-1), () => 'x'.repeat(-1), () => decodeURI('%'), () => BigInt('x'), () => Symbol() + '', () => JSON.parse('{bad'), () => new (class { constructor() { this.#p; } #p = thrownBy.missing(); })(), () => { throw 5; }].map(thrownBy);
  console.log(ok, reasons, any.message, deep.message, self === loop, kept, order, second, builtin, attempts.length, [...AppError.codes], `${Object.prototype.toString.call(second)}`);
}
main();
