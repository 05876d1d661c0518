// The views, one at a time, and the line that says whether make serve is there.
import { $, copyable } from "./dom.js";
import { begin, listen } from "./events.js";
import * as live from "./live.js";
import * as rules from "./rules.js";
import * as tea from "./tea.js";
import * as trying from "./try.js";

const views = { try: trying, live, rules, tea };
const titles = { try: "Try it", live: "Live", rules: "Rules", tea: "Tea App" };
const connection = $("#connection");
let shown = null;
let version = 0;

function show() {
  const asked = location.hash.slice(1);
  if (asked === "content" && shown) return; // the link over the navigation
  const name = asked in views ? asked : "try";
  if (name === shown) return;
  const first = shown === null;
  shown = name;
  for (const each of Object.keys(views)) {
    $(`#view-${each}`).hidden = each !== name;
    const link = $(`nav a[href="#${each}"]`);
    if (each === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${titles[name]} · edgecors console`;
  // A view that has something to show puts the focus there itself.
  const focused = views[name].shown?.();
  if (!first && !focused) {
    scrollTo(0, 0);
    $(`#title-${name}`).focus({ preventScroll: true });
  }
}

function connected(state) {
  connection.dataset.state = state;
  connection.textContent = state === "lost" ? "make serve has stopped" : version ? `rules version ${version}` : "connected";
  if (state === "open") refresh();
}

// What is published; the views take it up.
async function refresh() {
  try {
    const published = await views.rules.refresh();
    version = published.version;
    trying.published(published);
    if (connection.dataset.state === "open") connection.textContent = `rules version ${version}`;
  } catch {
    connected("lost");
  }
}

for (const box of document.querySelectorAll(".copy")) copyable(box);
for (const view of Object.values(views)) view.begin();
listen((event) => event.kind === "news" && event.about === "rules" && refresh());
addEventListener("hashchange", show);
show();
begin(connected);
