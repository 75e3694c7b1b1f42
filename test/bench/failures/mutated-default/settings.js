const DEFAULTS = { retries: 3, headers: { accept: 'json' } };

function settingsFor(own) {
  const settings = Object.assign({}, DEFAULTS, own);
  if (own.token) settings.headers.authorization = own.token; // wrong
  return settings;
}

module.exports = { settingsFor };
