'use strict';
// Answers JSON from a file. Ends itself when told to, and then reports its memory.
const fs = require('node:fs/promises');
const path = require('node:path');
const express = require('express');
const { finish } = require('./report.cjs');

const app = express();
app.get('/items/:id', async (request, response, next) => {
  try {
    const text = await fs.readFile(path.join(__dirname, 'items.json'), 'utf8');
    const items = JSON.parse(text);
    const item = items[Number(request.params.id) % items.length];
    const related = items.filter((other) => other.group === item.group).map(({ id, name }) => ({ id, name }));
    response.json({ ...item, related, query: request.query });
  } catch (error) {
    next(error);
  }
});
app.get('/quit', (request, response) => {
  response.json({ bye: true });
  server.close(() => finish(0, {}));
  server.closeAllConnections();
});
const server = app.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
