// The Tea API, and why an answer of it did not come.
import { api } from "./config.js";

// The API answered, and the browser keeps the answer from this page: its origin is not one that the rules allow.
export class Hidden extends Error {}

// Nobody answered at all.
export class Unreachable extends Error {}

// The API answered that it will not; `problem` is its application/problem+json.
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function resolve(path) {
  return new URL(path, `${api}/`).href;
}

// One page of teas, and the URL of the next one or null: its link is relative to the page that it is in.
export async function teas(path = "tea") {
  const response = await request(path);
  const next = /<([^>]+)>\s*;\s*rel="next"/.exec(response.headers.get("Link") ?? "");
  return { teas: await response.json(), next: next && new URL(next[1], response.url).href };
}

export async function comment(name, text) {
  const response = await request(`tea/${encodeURIComponent(name)}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ comment: text }),
  });
  return response.json();
}

export async function create(form, password) {
  const credentials = btoa(String.fromCharCode(...new TextEncoder().encode(`admin:${password}`)));
  const response = await request("tea", {
    method: "POST",
    headers: { Authorization: `Basic ${credentials}` },
    body: form,
  });
  return response.json();
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(resolve(path), options);
  } catch {
    throw await reason();
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refused({ detail: `The API answered ${response.status}.`, status: response.status, ...problem });
}

// fetch() fails in the same way for a hidden answer and for none. A request in mode no-cors tells them apart: its
// answer is hidden always, so it only fails when there is none.
async function reason() {
  try {
    await fetch(resolve(""), { mode: "no-cors", cache: "no-store" });
    return new Hidden();
  } catch {
    return new Unreachable();
  }
}
