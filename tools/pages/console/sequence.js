// The picture: page, browser and API, and what goes between them, from top to bottom. A list, so that it can be read
// aloud; style sheets draw the lines.
import { el, mark, unseen } from "./dom.js";

const CORS = /^(access-control-.*|origin|vary|x-edgecors-reason)$/i;
const LANES = { page: "Page", browser: "Browser", api: "Tea API" };

// `explained`: what the server said; `wire`: of a request that was sent for real, { preflight, actual } as they were
// on the wire, and `got`: what the page got.
export function sequence(explained, { wire = {}, got = null } = {}) {
  const { preflight, actual, method, path } = explained;
  const rows = [
    message("page", "browser", fetchCall(explained), { detail: explained.reason }),
  ];
  if (preflight) {
    rows.push(
      message("browser", "api", `OPTIONS ${path}`, { headers: explained.sent.preflight, title: "preflight" }),
      answer(preflight, wire.preflight, String(preflight.status)),
      checks("The browser checks the answer", preflight, explained.rules),
    );
  }
  if (actual) {
    rows.push(
      message("browser", "api", `${method} ${path}`, { headers: explained.sent.actual }),
      answer(actual, wire.actual, actual.status ? String(actual.status) : "the function's answer", {
        detail: actual.status === 403 ? "refused before the function is called" : "",
      }),
      checks("The browser checks the answer", actual, explained.rules),
    );
  } else if (preflight) {
    rows.push(message("browser", "api", `${method} ${path}`, { never: true, title: "never sent" }));
  }
  rows.push(end(explained, got));
  return el("div.sequence", {},
    el("div.lanes", { "aria-hidden": "true" }, ...Object.entries(LANES).map(([lane, name]) => el(`span.lane.${lane}`, {}, name))),
    el("ol", { "aria-label": "What goes between the page, the browser and the Tea API" }, ...rows));
}

function fetchCall({ method, path, credentials, sent }) {
  const given = sent.actual.filter(([name]) => name !== "Origin").map(([name]) => name);
  const options = [];
  if (method !== "GET") options.push(`method: "${method}"`);
  if (given.length) options.push(`headers: { ${given.join(", ")} }`);
  if (credentials !== "same-origin") options.push(`credentials: "${credentials}"`);
  return `fetch("${path}"${options.length ? `, { ${options.join(", ")} }` : ""})`;
}

function message(from, to, text, { headers = [], detail = "", title = "", never = false, passed = null, tag = "" } = {}) {
  const kind = never ? ".never" : passed === false ? ".bad" : passed === true ? ".good" : "";
  return el(`li.message.${from}-${to}${kind}`, {},
    unseen(`${LANES[from]} to ${LANES[to].toLowerCase()}: `),
    el("div.said", {},
      el("p.line", {}, el("code", {}, text), title && el("span.tag", {}, title), tag && el("span.tag.seen", {}, tag)),
      headers.length ? fields(headers) : null,
      detail && el("p.detail", {}, detail)),
    el("span.arrow", { "aria-hidden": "true" }));
}

function fields(headers) {
  return el("dl.fields", {}, ...headers.map(([name, value]) =>
    el(CORS.test(name) ? "div.cors" : "div", {}, el("dt", {}, `${name}:`), " ", el("dd", {}, value))));
}

function answer(explanation, seen, status, { detail = "" } = {}) {
  const headers = seen ? seen.answer : Object.entries(explanation.headers);
  return message("api", "browser", seen ? String(seen.status) : status, {
    headers: seen ? [...headers].sort(([a], [b]) => CORS.test(b) - CORS.test(a)) : headers,
    detail,
    tag: seen ? "as it was on the wire" : "",
  });
}

function checks(title, explanation, rules) {
  return el(`li.checks${explanation.allowed ? ".good" : ".bad"}`, {},
    el("p.title", {}, title),
    el("ul", {}, ...explanation.steps.map((step) => check(step, rules[step.pointer]))));
}

function check(step, rule) {
  return el(`li.${step.passed ? "passed" : "failed"}`, {},
    mark(step.passed),
    el("b", {}, step.name),
    el("div.why", {},
      el("p", {}, step.detail, step.code && el("code.code", {}, step.code)),
      step.pointer && el("p.rule", {},
        el("a", { href: "#rules", "data-pointer": step.pointer, "data-start": rule?.start }, el("code", {}, step.pointer)),
        rule && el("code.value", {}, shortened(rule.text))),
      el("p.reference", {}, step.reference)));
}

const shortened = (text) => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

function end(explained, got) {
  if (got?.status) {
    return message("browser", "page", `Response, status ${got.status}`, {
      headers: got.headers,
      detail: got.body && `${got.body.slice(0, 160)}${got.body.length > 160 ? "…" : ""}`,
      passed: true,
      tag: "what the page got",
    });
  }
  if (got) return message("browser", "page", got.error, { passed: false, tag: "what the page got" });
  if (!explained.allowed) return message("browser", "page", "TypeError: Failed to fetch", { passed: false });
  return message("browser", "page", "Response", { detail: explained.gets, passed: true });
}
