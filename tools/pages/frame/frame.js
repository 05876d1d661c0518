// Calls the API from this frame's origin when the console says so, and tells it what the page got.
//
// No module: a sandboxed frame's origin is null, and a module of http://*.localhost would need CORS to load there.
// `place` is made by make serve: the API's origin and the console's.
"use strict";

const LONGEST_BODY = 2000; // characters

async function called({ path, method, headers, body, credentials }) {
  // An answer out of the browser's cache would say nothing of the API.
  const options = { method, headers, credentials, cache: "no-store", signal: AbortSignal.timeout(15000) };
  if (body && !["GET", "HEAD"].includes(method.toUpperCase())) options.body = body;
  const response = await fetch(place.api + path, options);
  const type = response.headers.get("Content-Type") ?? "";
  const readable = /json|text/.test(type) ? (await response.text()).slice(0, LONGEST_BODY) : `(${type || "no body"})`;
  return { status: response.status, headers: [...response.headers], body: readable };
}

addEventListener("message", async ({ data, origin, source }) => {
  if (origin !== place.console || source !== parent) return;
  let answer;
  try {
    answer = { got: await called(data) };
  } catch (error) {
    answer = { error: `${error.name}: ${error.message}` };
  }
  parent.postMessage(answer, place.console);
});

if (parent !== window) parent.postMessage("ready", place.console);
