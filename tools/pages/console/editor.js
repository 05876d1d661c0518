// A text field with a painted copy of its text beneath: colours, line numbers, and problems underlined.
//
// A text field, and no editor out of a library: it works with every keyboard, screen reader and phone as it is, and the
// ready-made editors for JSON come as some hundred kilobytes that have to be bundled first.
import { el } from "./dom.js";

const TOKENS = /("(?:[^"\\\n]|\\.)*")(\s*:)?|(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

// [start, end, class] of what has a colour.
function coloured(text) {
  return [...text.matchAll(TOKENS)].map((found) => {
    const [all, string, colon] = found;
    const length = string ? string.length : all.length;
    return [found.index, found.index + length, string ? (colon ? "key" : "string") : "value"];
  });
}

// The lines of the text, each an element; `problems` have `start`, `end` and `warning`.
export function painted(text, problems) {
  const tokens = coloured(text);
  const lines = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    const inside = problems.filter((problem) => problem.start <= end && problem.end > start);
    const cuts = new Set([start, end]);
    for (const [from, to] of [...tokens, ...inside.map((problem) => [problem.start, problem.end])]) {
      if (from > start && from < end) cuts.add(from);
      if (to > start && to < end) cuts.add(to);
    }
    const places = [...cuts].sort((a, b) => a - b);
    const pieces = places.slice(0, -1).map((from, index) => piece(text, from, places[index + 1], tokens, inside));
    const kind = inside.some(({ warning }) => !warning) ? ".wrong" : inside.length ? ".risky" : "";
    // A problem at the end of the text has no character to be under.
    if (inside.length && !pieces.some((each) => each.dataset?.problem)) pieces.push(el("span.bad", {}, " "));
    lines.push(el(`span.line${kind}`, {}, ...pieces));
    start = end + 1;
  }
  return lines;
}

function piece(text, from, to, tokens, problems) {
  const token = tokens.find(([start, end]) => start <= from && to <= end);
  const over = problems.filter(({ start, end }) => start <= from && to <= end);
  const error = over.some(({ warning }) => !warning);
  const classes = [token?.[2], over.length ? (error ? "bad" : "risk") : ""].filter(Boolean);
  const made = el(["span", ...classes].join("."), {}, text.slice(from, to));
  if (over.length) made.dataset.problem = problems.indexOf(over[0]);
  return made;
}

// Put another text in, so that undo brings the old one back.
export function replace(field, text) {
  const old = field.value;
  if (old === text) return;
  let before = 0;
  while (before < Math.min(old.length, text.length) && old[before] === text[before]) before += 1;
  let after = 0;
  while (after < Math.min(old.length, text.length) - before && old.at(-1 - after) === text.at(-1 - after)) after += 1;
  field.focus({ preventScroll: true });
  field.setSelectionRange(before, old.length - after);
  const middle = text.slice(before, text.length - after);
  // Deprecated, and still the only way that keeps the undo history.
  const done = middle ? document.execCommand("insertText", false, middle) : document.execCommand("delete");
  if (!done || field.value !== text) field.value = text;
}
