// Node's test runner finds the test around a request by what triggered it.
const { test } = require('node:test');
const fs = require('node:fs');
const http = require('node:http');

for (const way of ['at once', 'after a file', 'after an immediate'])
  test(way, async () => {
    const server = http.createServer((request, response) => {
      const answer = () => {
        test('within a request', () => console.log('inner', way));
        response.end('done');
      };
      if (way === 'at once') answer();
      else if (way === 'after a file') fs.stat(__filename, answer);
      else setImmediate(answer);
    });
    await new Promise((resolve) => server.listen(0, resolve));
    const response = await fetch(`http://localhost:${server.address().port}`);
    console.log('outer', way, await response.text());
    server.close();
  });
