'use strict';
const fs = require('node:fs');
const path = require('node:path');

function loadCatalogue() {
  return new Map(Object.entries(JSON.parse(fs.readFileSync(path.join(__dirname, 'catalogue.json'), 'utf8'))));
}

module.exports = { loadCatalogue };
