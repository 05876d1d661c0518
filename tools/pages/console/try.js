// Try it: a page's fetch(), explained as it is written down.
import { api, pages } from "./config.js";
import { $, el, later, mark, prose } from "./dom.js";
import { comparison, forReal, place, table } from "./real.js";
import { sequence } from "./sequence.js";
import { WrongCall, ask } from "./server.js";

const JSON_BODY = '{"comment": "Lovely."}';
const SITUATIONS = {
  "Read the teas": {},
  "A look-alike reads them": { origin: pages.lookAlike },
  "Comment, in JSON": { method: "POST", path: "/tea/white", headers: "Content-Type: application/json", body: JSON_BODY },
  "Delete, with a password": { method: "DELETE", path: "/tea/no-such-tea", headers: "Authorization: Basic YWRtaW46eA==" },
  "A method not listed": { method: "PATCH", path: "/tea/white" },
  "A header not listed": { headers: "X-Cup: large" },
  "With cookies": { credentials: "include" },
  "A sandboxed frame": { origin: "null" },
};
const FIELDS = ["origin", "method", "path", "headers"];

const form = $("#question");
let asked = 0;
let current = null;

export function begin() {
  // Where there is room the request stands beside what becomes of it; else it is folded away until it is wanted.
  const wide = matchMedia("(min-width: 60.01rem)");
  const unfold = () => ($("#request").open = wide.matches);
  wide.addEventListener("change", unfold);
  unfold();
  $("#api").textContent = api;
  for (const [title, situation] of Object.entries(SITUATIONS)) {
    const chip = el("button", { type: "button" }, title);
    chip.addEventListener("click", () => set(situation));
    $("#situations").append(chip);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    pressed();
    soon();
  });
  $("#do").addEventListener("click", real);
  $("#sequence").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-start]");
    if (link) dispatchEvent(new CustomEvent("rule", { detail: Number(link.dataset.start) }));
  });
  fill({});
}

// A request out of the live view.
export function set(values) {
  fill(values);
  explain();
}

export function published({ origins }) {
  const known = [pages.app, ...origins, pages.lookAlike, ...origins.filter((each) => each.startsWith("https:")).map((each) => `${each}.evil.example`), "null"];
  $("#origins").replaceChildren(...[...new Set(known)].map((origin) => {
    const chip = el("button", { type: "button" }, origin);
    chip.addEventListener("click", () => {
      form.elements.origin.value = origin;
      pressed();
      explain();
    });
    return chip;
  }));
  pressed();
  explain();
}

function fill(values) {
  const full = { origin: pages.app, method: "GET", path: "/tea", headers: "", body: "", credentials: "same-origin", ...values };
  for (const [name, value] of Object.entries(full)) form.elements[name].value = value;
  pressed();
}

// Which of the chips says what the form says.
function pressed() {
  const has = (values) => Object.entries({ origin: pages.app, method: "GET", path: "/tea", headers: "", credentials: "same-origin", ...values })
    .every(([name, value]) => name === "body" || form.elements[name].value === value);
  for (const chip of $("#situations").children) chip.setAttribute("aria-pressed", has(SITUATIONS[chip.textContent]));
  for (const chip of $("#origins").children) chip.setAttribute("aria-pressed", chip.textContent === form.elements.origin.value);
  const { method, path, origin } = form.elements;
  $("#in-short").textContent = `${method.value} ${path.value} from ${origin.value}`;
  $("#body-field").hidden = ["GET", "HEAD"].includes(form.elements.method.value);
}

function question() {
  const { origin, method, path, headers, credentials } = Object.fromEntries(new FormData(form));
  const lines = headers.split("\n").map((line) => line.trim()).filter(Boolean);
  for (const line of lines) {
    if (!line.includes(":")) throw new WrongCall({ message: `“${line}” is no header: a name, a colon, a value.`, field: "headers" });
  }
  const pairs = lines.map((line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()]);
  return { origin: origin.trim(), method, path: path.trim(), headers: pairs, credentials };
}

const soon = later(200, () => explain());

async function explain() {
  const number = ++asked;
  const outcome = $("#outcome");
  outcome.setAttribute("aria-busy", "true");
  try {
    const now = question();
    const explained = await ask("try", now);
    if (number !== asked) return;
    current = { question: now, explained };
    wrong();
    $("#agreement").replaceChildren();
    draw(explained);
  } catch (error) {
    if (number !== asked) return;
    current = null;
    wrong(error);
  }
  outcome.setAttribute("aria-busy", "false");
}

function wrong(error) {
  for (const field of FIELDS) {
    const here = error?.field === field;
    $(`#${field}-wrong`).textContent = here ? error.message : "";
    if (here) $("#request").open = true;
    if (here) form.elements[field].setAttribute("aria-invalid", "true");
    else form.elements[field].removeAttribute("aria-invalid");
  }
  $("#do").disabled = Boolean(error);
  if (!error) return;
  $("#sequence").replaceChildren();
  $("#verdict").className = "verdict card";
  $("#verdict").replaceChildren(el("h2", {}, "No page can ask this"), el("p", {}, error.message));
}

function draw(explained, reality) {
  const { allowed, code, console: line, advice } = explained;
  const verdict = $("#verdict");
  verdict.className = `verdict card ${allowed ? "yes" : "no"}`;
  verdict.replaceChildren(
    el("h2", {}, mark(allowed), allowed ? "The page gets the answer" : "The page gets a network error", el("code.code", {}, code)),
    el("p", {}, ...prose(explained.message)),
  );
  if (line) verdict.append(el("div.chromium", {}, el("p.title", {}, "Chromium's console"), el("pre", {}, el("code", {}, line))));
  // What the message says already need not be said again.
  const more = advice.filter((sentence) => !explained.message.includes(sentence.replace(/^To allow it, /, "").replace(/\.$/, "")));
  verdict.append(...more.map((sentence) => el("p.advice", {}, ...prose(sentence))));
  $("#sequence").replaceChildren(sequence(explained, reality));
  $("#explain-command").textContent = explained.command;
  const can = place(explained.origin) !== null;
  $("#do").hidden = !can;
  $("#real-how").replaceChildren(...(can
    ? ["A frame at ", el("code", {}, explained.origin === "null" ? "null (sandboxed)" : explained.origin), " calls ", el("code", {}, "fetch()"), " in this browser."]
    : ["No page on this machine is at ", el("code", {}, explained.origin), ", so this one is explained only. Origins below ",
       el("code", {}, new URL(pages.app).host.replace("app", "*")), " can be tried for real."]));
}

async function real() {
  if (!current) return;
  const number = asked;
  const button = $("#do");
  button.disabled = true;
  button.textContent = "Asking …";
  try {
    const happened = await forReal(current.question, form.elements.body.value, current.explained);
    if (number !== asked) return;
    draw(happened.explained, happened);
    $("#agreement").replaceChildren(...table(comparison(happened)));
  } catch (error) {
    $("#agreement").replaceChildren(el("p.agreed.no", {}, mark(false), error.message));
  } finally {
    button.disabled = false;
    button.textContent = "Do it for real";
  }
}
