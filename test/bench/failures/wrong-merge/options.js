const { merge } = require('./merge.js');

const BASE = { port: 80, host: 'localhost', secure: false };

function optionsFrom(args) {
  const own = {};
  for (const arg of args) {
    const [name, value] = arg.replace(/^--/, '').split('=');
    own[name] = value === undefined ? true : isNaN(value) ? value : Number(value);
  }
  return merge(BASE, own);
}

module.exports = { optionsFrom };
