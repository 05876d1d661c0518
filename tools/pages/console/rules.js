// Rules: a draft, what is wrong with it, and what it would change.
import { $, el, later, prose } from "./dom.js";
import { painted, replace } from "./editor.js";
import * as server from "./server.js";

const field = $("#draft");
const SIGNS = { "+": "gain", "!": "gain, with credentials", "-": "loss", "~": "change" };
let published = null;
let problems = [];
let asked = 0;
let wanted = null;

export function begin() {
  field.addEventListener("input", () => {
    problems = [];
    changed();
  });
  field.addEventListener("keydown", (event) => {
    // A new line begins below the one before. Tab is left alone: it goes on to what comes next, as everywhere.
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const line = field.value.slice(0, field.selectionStart).split("\n").at(-1);
      const more = /[[{]\s*$/.test(line) ? "  " : "";
      document.execCommand("insertText", false, `\n${/^\s*/.exec(line)[0]}${more}`);
    }
  });
  $("#reset").addEventListener("click", () => put(published.text));
  $("#fix-all").addEventListener("click", () => fix({ code: "", pointer: "" }));
  $("#save").addEventListener("click", () => {
    const link = $("#save");
    URL.revokeObjectURL(link.href);
    link.href = URL.createObjectURL(new Blob([field.value], { type: "application/json" }));
  });
  addEventListener("rule", ({ detail }) => (wanted = detail));
}

// Whether a rule that somebody asked for is selected.
export function shown() {
  paint();
  const start = wanted;
  wanted = null;
  if (start === null) return false;
  select(start, lineEnd(start));
  return true;
}

// What is published now; a draft that nobody has touched follows it.
export async function refresh() {
  const untouched = published === null || field.value === published.text;
  published = await server.rules();
  $("#push-command").textContent = published.command;
  if (untouched) field.value = published.text;
  changed();
  return published;
}

function put(text) {
  replace(field, text);
  problems = [];
  changed();
}

function changed() {
  const differs = field.value !== published.text;
  $("#reset").hidden = !differs;
  $("#draft-of").textContent = `${differs ? "changed from" : "the same as"} version ${published.version} of ${published.parameter}`;
  paint();
  soon();
}

function paint() {
  $("#underlay").replaceChildren(...painted(field.value, problems));
}

const soon = later(250, () => check());

async function check() {
  const number = ++asked;
  const text = field.value;
  let found;
  try {
    found = await server.ask("check", { text });
  } catch (error) {
    $("#draft-summary").textContent = error.message;
    return;
  }
  if (number !== asked || text !== field.value) return;
  problems = found.problems;
  paint();
  $("#draft-summary").textContent = found.summary;
  $("#problems").replaceChildren(...problems.map(item));
  $("#fix-all").hidden = found.fixable < 2;
  $("#fix-all").textContent = `Fix all ${found.fixable}`;
  draw(found.plan);
}

function item(problem) {
  const place = el("button.place", { type: "button" }, problem.line ? `line ${problem.line}` : "document");
  place.addEventListener("click", () => select(problem.start, problem.end));
  const button = problem.fixable ? el("button.fix", { type: "button" }, "Fix") : null;
  button?.setAttribute("aria-label", `Fix ${problem.code} in line ${problem.line}`);
  button?.addEventListener("click", () => fix(problem));
  return el(problem.warning ? "li.risk" : "li.bad", {},
    el("p.head", {}, el("code.code", {}, problem.code), problem.warning ? el("span.quiet-text", {}, "warning") : null, place),
    el("p", {}, ...prose(problem.message)),
    problem.fix ? el("p.better", {}, el("span.label", {}, "better"), el("code", {}, problem.fix), button) : button && el("p.better", {}, button));
}

async function fix({ code, pointer }) {
  const text = field.value;
  try {
    const found = await server.ask("fix", { text, code, pointer });
    if (field.value === text) put(found.text);
  } catch (error) {
    $("#draft-summary").textContent = error.message;
  }
}

function select(start, end) {
  field.focus({ preventScroll: true });
  field.setSelectionRange(start, end);
  const line = field.value.slice(0, start).split("\n").length - 1;
  $("#underlay").children[line]?.scrollIntoView({ block: "center" });
}

const lineEnd = (start) => {
  const end = field.value.indexOf("\n", start);
  return end < 0 ? field.value.length : end;
};

function draw(plan) {
  const rows = $("#plan");
  if (!plan) {
    $("#plan-of").textContent = "";
    $("#plan-summary").textContent = "There is one once the draft has no errors.";
    rows.replaceChildren();
    return;
  }
  $("#plan-of").textContent = `version ${plan.version} → ${plan.version + 1}`;
  $("#plan-summary").textContent = plan.same ? "The draft is what is published." : plan.summary;
  rows.replaceChildren(...plan.rows.map(({ sign, cells: [who, what, where, example], details }) =>
    el(`li.${{ "+": "gain", "!": "widened", "-": "loss" }[sign] ?? "other"}`, {},
      el("span.sign", { role: "img", "aria-label": SIGNS[sign] }, sign),
      el("div", {},
        el("p", {}, el("code", {}, who)),
        el("p.quiet-text", {}, [what, where].filter(Boolean).join(" on "), example && `, ${example}`),
        ...details.map((detail) => el("p.quiet-text", {}, detail))))));
}
