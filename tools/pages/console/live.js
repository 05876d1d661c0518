// Live: the requests as they come, newest first, and how many came from where with which outcome.
import { $, el, later, mark } from "./dom.js";
import { events, listen } from "./events.js";
import { set } from "./try.js";

const MOST_ROWS = 100;
const MOST_BARS = 6;
let paused = false;
let filter = "all";

export function begin() {
  listen(soon);
  $("#pause").addEventListener("click", () => {
    paused = !paused;
    $("#pause").setAttribute("aria-pressed", paused);
    $("#pause").textContent = paused ? "Go on" : "Pause";
    if (!paused) draw();
  });
  $("#filters").addEventListener("change", (event) => {
    filter = event.target.value;
    draw();
  });
}

export function shown() {
  draw();
}

const soon = later(60, () => !paused && !$("#view-live").hidden && draw());
// Whoever hears the page is told how many, now and then, and not of each.
const say = later(2000, (text) => ($("#live-said").textContent = text));

function draw() {
  const requests = events.filter(({ kind }) => kind === "request");
  const refused = requests.filter(({ allowed }) => allowed === false);
  const fits = { all: () => true, refused: (event) => event.allowed === false, news: ({ kind }) => kind === "news" }[filter];
  const rows = events.filter(fits).slice(-MOST_ROWS).reverse();
  $("#requests tbody").replaceChildren(...rows.map((event) => (event.kind === "news" ? news(event) : request(event))));
  $("#no-requests").hidden = rows.length > 0;
  $("#requests").hidden = rows.length === 0;
  bars($("#by-origin tbody"), requests, ({ origin }) => origin ?? "no Origin");
  bars($("#by-code tbody"), requests, ({ word, code, allowed }) => (allowed === false ? code : word));
  say(`${requests.length} requests, ${refused.length} refused`);
}

function request(event) {
  const verdict = event.allowed === null ? event.word : `${event.word}${event.code ? `, ${event.code}` : ""}`;
  const why = event.origin === null || event.allowed === null ? null : el("button.quiet", { type: "button" }, "Why?");
  why?.setAttribute("aria-label", `Why? ${event.method} ${event.path} from ${event.origin}`);
  why?.addEventListener("click", () => {
    set(asQuestion(event));
    location.hash = "#try";
  });
  return el(`tr${event.allowed === false ? ".refused" : ""}`, {},
    el("td.time", {}, event.time),
    el("td.what", {}, el("b", {}, event.method), " ", el("code", {}, event.path)),
    el("td.who", {}, event.origin === null ? el("span.quiet-text", {}, "no Origin") : el("code", {}, event.origin)),
    el("td.verdict-cell", {}, mark(event.allowed), verdict),
    el("td.status", {}, String(event.status)),
    el("td.number", {}, event.milliseconds.toFixed(1)),
    el("td.action", {}, why));
}

function news({ time, about, subject, text, good }) {
  return el("tr.news", {}, el("td.time", {}, time), el("td", { colSpan: 6 }, el("b", {}, about), " ", el("code", {}, subject), " ",
    el(`span${good === false ? ".bad" : ""}`, {}, text)));
}

// The fetch() that a page made: of a preflight, the one that it asks for.
function asQuestion({ method, path, origin, sent }) {
  const headers = new Map(sent);
  const asked = headers.get("access-control-request-method");
  if (method === "OPTIONS" && asked) {
    const names = (headers.get("access-control-request-headers") ?? "").split(",").filter(Boolean);
    return { origin, path, method: asked, headers: names.map((name) => `${name}: ${name === "content-type" ? "application/json" : "x"}`).join("\n") };
  }
  const type = headers.get("content-type");
  const given = [...(type ? [`Content-Type: ${type}`] : []), ...(headers.has("authorization") ? ["Authorization: x"] : [])];
  return { origin, path, method, headers: given.join("\n") };
}

function bars(body, requests, key) {
  const counted = new Map();
  for (const event of requests) {
    const known = counted.get(key(event)) ?? { all: 0, refused: 0 };
    known.all += 1;
    known.refused += event.allowed === false;
    counted.set(key(event), known);
  }
  const sorted = [...counted].sort(([, a], [, b]) => b.all - a.all);
  const most = sorted[0]?.[1].all ?? 1;
  body.replaceChildren(...sorted.slice(0, MOST_BARS).map(([name, { all, refused }]) => {
    const bar = el("span.bar", { "aria-hidden": "true" }, el("span.part.yes"), el("span.part.no"));
    bar.style.inlineSize = `${Math.max(2, (100 * all) / most)}%`;
    bar.lastChild.style.inlineSize = `${(100 * refused) / all}%`;
    return el("tr", {}, el("th", { scope: "row" }, el("span.name", {}, name), bar), el("td", {}, String(all)));
  }));
  if (!sorted.length) body.replaceChildren(el("tr", {}, el("td.quiet-text", {}, "Nothing yet.")));
}
