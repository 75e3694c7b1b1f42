const { settingsFor } = require('./settings.js');

function requestOf(url, own) {
  const { headers, retries } = settingsFor(own);
  return { url, headers: Object.keys(headers), retries };
}

module.exports = { requestOf };
