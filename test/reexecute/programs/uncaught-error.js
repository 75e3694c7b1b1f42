// An error that nobody catches ends the program with code 7 from its handler, after some were survived.
const survived = [];
const budget = 3;

process.on('uncaughtExceptionMonitor', (error, origin) => console.log('monitor', origin, error.message));
process.on('uncaughtException', (error, origin) => {
  survived.push(error.message);
  console.log('survived', survived.length, origin, error instanceof TypeError, error.cause?.message);
  if (survived.length >= budget) {
    process.removeAllListeners('uncaughtException');
    console.log('the next one is the last');
  }
});
process.on('exit', (code) => console.log('exit', code, survived));

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`not JSON: ${text}`, { cause: error });
  }
}

setTimeout(() => parse('{broken'), 1);
setTimeout(() => undefined.x, 3);
setImmediate(() => Promise.reject(new RangeError('of a promise')));
const timer = setInterval(() => {
  if (survived.length < budget) return;
  clearInterval(timer);
  const error = new Error('the last one');
  error.code = 'E_LAST';
  throw error;
}, 2);
setTimeout(() => console.log('never reached'), 2000);
