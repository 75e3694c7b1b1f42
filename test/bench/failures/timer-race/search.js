const { query } = require('./backend.js');

function searchBox(show) {
  return async function type(text) {
    const results = await query(text);
    show(results); // wrong
  };
}

module.exports = { searchBox };
