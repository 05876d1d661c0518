// The peers on Node. Reads one JSON line a command from standard input, answers each with one line:
//   {"load": {name: [{method, headers}, ...]}, "config": {...}}   -> {"ready": true}
//   {"peer": name, "workload": name, "times": number,
//    "uncounted": number}                                         -> {"ns": nanoseconds a request}
//   {"peer": name, "workload": name, "show": true}                -> {"status", "headers"} of the first request
import http from "node:http";
import readline from "node:readline";
import middy from "@middy/core";
import httpCors from "@middy/http-cors";
import cors from "cors";

let workloads;
let peers;

// The least that `cors` can be called with: it keeps the headers, and sends nothing.
class Recorder {
  statusCode = 200;
  headers = {};
  setHeader(name, value) {
    this.headers[name.toLowerCase()] = value;
  }
  getHeader(name) {
    return this.headers[name.toLowerCase()];
  }
  getHeaders() {
    return this.headers;
  }
  end() {}
}

function raw(options, Response) {
  const middleware = cors(options);
  return (event) => {
    const response = new Response(event.request);
    middleware(event.request, response, () => answer(response));
    return response;
  };
}

function bare(Response) {
  return (event) => {
    const response = new Response(event.request);
    answer(response);
    return response;
  };
}

function answer(response) {
  response.statusCode = 200;
  response.setHeader("Content-Type", "application/json");
  response.setHeader("Cache-Control", "no-store");
}

function configure({ exact, expressions, wildcards, methods, headers, maxAge }) {
  const common = { methods, allowedHeaders: headers, maxAge, optionsSuccessStatus: 204 };
  const compiled = expressions.map((expression) => new RegExp(expression));
  const behindMiddy = (origins) =>
    middy(() => ({ statusCode: 200, headers: {} })).use(
      httpCors({ origins, methods: methods.join(","), headers: headers.join(","), maxAge, disableBeforePreflightResponse: false }),
    );
  peers = {
    "cors-exact": raw({ ...common, origin: exact }, http.ServerResponse),
    "cors-wildcards": raw({ ...common, origin: compiled }, http.ServerResponse),
    "cors-exact-recorded": raw({ ...common, origin: exact }, Recorder),
    "cors-wildcards-recorded": raw({ ...common, origin: compiled }, Recorder),
    bare: bare(http.ServerResponse),
    "bare-recorded": bare(Recorder),
    "middy-exact": behindMiddy(exact),
    "middy-wildcards": behindMiddy(wildcards),
  };
}

async function lap(peer, workload, times, uncounted) {
  const events = Array(times).fill(workload).flat();
  await run(peer, events.slice(0, uncounted));
  // CPU time of the process, as in laps.py; in microseconds.
  const start = process.cpuUsage();
  await run(peer, events);
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / events.length;
}

async function run(peer, events) {
  if (peer.constructor.name === "AsyncFunction" || peer.use) for (const event of events) await peer(event, {});
  else for (const event of events) peer(event);
}

async function command({ load, config, peer, workload, times, uncounted, show }) {
  if (load) {
    // As Node's server hands a request over: made once, since making it is not the middleware's work.
    for (const events of Object.values(load))
      for (const event of events) {
        // Shared, as in the workloads in Python.
        event.requestContext = events[0].requestContext;
        event.request = { method: event.requestContext.http.method, headers: event.headers };
      }
    workloads = load;
    configure(config);
    return { ready: true };
  }
  const called = peers[peer];
  if (!show) return { ns: await lap(called, workloads[workload], times, uncounted) };
  const first = await called(workloads[workload][0], {});
  return { status: first.statusCode, headers: first.getHeaders?.() ?? first.headers };
}

for await (const line of readline.createInterface({ input: process.stdin }))
  console.log(JSON.stringify(await command(JSON.parse(line))));
