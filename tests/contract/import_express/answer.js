'use strict';
// Answers requests by the real npm cors. On standard input a line for each case, {"options": "<source of an object>",
// "requests": [{"method": ..., "headers": {...}}]}; on standard output a line for each, the answers in their order.

const cors = require('cors');
const lines = require('readline').createInterface({ input: process.stdin });

function answer(middleware, request) {
  const headers = {};
  const response = {
    statusCode: 200,
    getHeader: (name) => headers[name.toLowerCase()],
    setHeader: (name, value) => { headers[name.toLowerCase()] = String(value); },
    end: () => {},
  };
  try {
    middleware(request, response, () => { Object.assign(headers, { etag: 'x', 'x-total': '1' }); });
  } catch (error) {
    return { status: 500, headers: {} };
  }
  return { status: response.statusCode, headers };
}

lines.on('line', (line) => {
  const { options, requests } = JSON.parse(line);
  // The source is the test's own.
  const middleware = cors(new Function(`return (${options});`)());
  process.stdout.write(JSON.stringify(requests.map((request) => answer(middleware, request))) + '\n');
});
