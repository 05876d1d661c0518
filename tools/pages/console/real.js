// Asking for real: a frame at the page's origin calls fetch(), and what it got is held against what was predicted.
import { pages } from "./config.js";
import { $, el, mark } from "./dom.js";
import { arrived, last } from "./events.js";
import { ask } from "./server.js";

const PATIENCE = 20000; // milliseconds
const port = new URL(pages.app).port;

// Where a frame of this origin comes from: null for an origin that this machine cannot have.
export function place(origin) {
  if (origin === "null") return { src: `http://sandboxed.localhost${port && `:${port}`}/frame.html`, sandbox: "allow-scripts" };
  if (!URL.canParse(origin)) return null;
  const { protocol, hostname, port: its, origin: same } = new URL(origin);
  const ours = protocol === "http:" && hostname.endsWith(".localhost") && its === port && same === origin;
  return ours && same !== pages.console ? { src: `${origin}/frame.html` } : null;
}

async function frameAt(origin) {
  const { src, sandbox } = place(origin);
  const frame = el("iframe", { title: `A page at ${origin}` });
  if (sandbox) frame.setAttribute("sandbox", sandbox);
  frame.src = src;
  const ready = heard(frame, origin);
  $("#frames").append(frame);
  await ready;
  return frame;
}

function heard(frame, origin) {
  return new Promise((resolve, reject) => {
    const listener = (event) => {
      if (event.source !== frame.contentWindow || event.origin !== origin) return;
      finish();
      resolve(event.data);
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error(`No page at ${origin} answers: does this browser know that *.localhost is this machine?`));
    }, PATIENCE);
    const finish = () => {
      clearTimeout(timer);
      removeEventListener("message", listener);
    };
    addEventListener("message", listener);
  });
}

// What the page got, what was on the wire, and what the rules say of just that.
export async function forReal(question, body, predicted) {
  const frame = await frameAt(question.origin);
  try {
    const before = last();
    const answer = heard(frame, question.origin);
    frame.contentWindow.postMessage(
      { path: question.path, method: question.method, headers: question.headers, credentials: question.credentials, body },
      question.origin === "null" ? "*" : question.origin,
    );
    const { got, error } = await answer;
    const path = decoded(new URL(pages.console + question.path).pathname);
    const isPreflight = (event) => event.method === "OPTIONS" && event.sent.some(([name]) => name === "access-control-request-method");
    const seen = await arrived(
      before,
      (event) => event.origin === question.origin && event.path === path,
      (event) => (predicted.actual ? !isPreflight(event) : isPreflight(event)),
    );
    const wire = { preflight: seen.find(isPreflight), actual: seen.find((event) => !isPreflight(event)) };
    const explained = await ask("try", { ...question, answered: wire.actual?.number ?? null });
    return { got: got ?? { error }, wire, explained };
  } finally {
    frame.remove();
  }
}

function decoded(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

// Line by line: what was predicted and what happened.
export function comparison({ got, wire, explained }) {
  const names = got.headers?.map(([name]) => name).sort() ?? [];
  const sent = (event) => (event ? `sent, answered ${event.status}` : "not sent");
  const rows = [
    ["Preflight", explained.preflight ? `sent, answered ${explained.preflight.status}` : "not sent", sent(wire.preflight)],
    ["Request", explained.actual ? "sent" : "not sent", wire.actual ? "sent" : "not sent"],
    ["The page", explained.allowed ? "gets the answer" : "gets a network error", got.status ? "gets the answer" : "gets a network error"],
  ];
  if (explained.allowed || got.status) rows.push(["Headers it reads", explained.readable_headers.join(", "), names.join(", ")]);
  return rows.map(([what, predicted, happened]) => ({ what, predicted, happened, same: predicted === happened }));
}

export function table(rows) {
  const agreed = rows.every(({ same }) => same);
  return [
    el(`p.agreed${agreed ? ".yes" : ".no"}`, {}, mark(agreed), agreed ? "The browser agreed." : "The browser did not agree."),
    el("table.compared", {},
      el("thead", {}, el("tr", {}, ...["", "Predicted", "Happened"].map((title) => el("th", { scope: "col" }, title)))),
      el("tbody", {}, ...rows.map(({ what, predicted, happened, same }) =>
        el(same ? "tr" : "tr.differs", {},
          el("th", { scope: "row" }, what),
          el("td", {}, predicted || "none"),
          el("td", {}, mark(same), happened || "none"))))),
  ];
}
