// The Tea App: what is on the page, and what becomes of it.
import { Hidden, Refused, Unreachable, comment, create, resolve, teas } from "./api.js";
import { api, pages } from "./config.js";

const list = document.querySelector("#teas");
const more = document.querySelector("#more");
const notice = document.querySelector("#notice");
const reading = document.querySelector("#reading");
const dialog = document.querySelector("#new");
const form = dialog.querySelector("form");
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
let next = null;

function fill(id) {
  return document.querySelector(`#${id}`).content.firstElementChild.cloneNode(true);
}

function show(node, selector, text) {
  const element = node.querySelector(selector);
  element.hidden = !text;
  element.textContent = text;
}

// ---------------------------------------------------------------- teas

function card(tea) {
  const node = fill("tea");
  node.querySelector(".name").textContent = tea.name;
  show(node, ".origin", tea.origin);
  show(node, ".description", tea.description);
  show(node, ".brew", tea.brew_time == null ? "" : `${tea.brew_time} min`);
  show(node, ".temperature", tea.temperature == null ? "" : `${tea.temperature} °C`);
  const words = (tea.keywords ?? "").split(",").map((word) => word.trim()).filter(Boolean);
  node.querySelector(".keywords").replaceChildren(
    ...words.map((word) => Object.assign(document.createElement("li"), { textContent: word })),
  );
  const picture = node.querySelector(".picture");
  if (tea.image) {
    const image = new Image(640, 480);
    // With crossorigin, so that the rules decide about pictures as they do about everything else.
    image.crossOrigin = "anonymous";
    image.loading = "lazy";
    image.alt = "";
    image.addEventListener("error", () => image.remove());
    image.src = resolve(tea.image);
    picture.append(image);
  }
  picture.dataset.initial = [...tea.name][0] ?? "";
  comments(node, tea);
  node.querySelector("label .unseen").append(` on ${tea.name}`);
  node.querySelector("form").addEventListener("submit", (event) => say(event, node, tea));
  return node;
}

function comments(node, tea) {
  const newest = [...(tea.comments ?? [])].sort((a, b) => b.date.localeCompare(a.date));
  node.querySelector(".count").textContent =
    newest.length === 1 ? "1 comment" : newest.length ? `${newest.length} comments` : "No comments yet";
  const items = newest.map((each) => {
    const item = fill("comment");
    item.querySelector("p").textContent = each.text;
    const time = item.querySelector("time");
    time.dateTime = each.date;
    time.textContent = dates.format(new Date(each.date));
    return item;
  });
  const box = node.querySelector(".comments");
  box.replaceChildren(...items);
  box.hidden = items.length === 0;
}

async function say(event, node, tea) {
  event.preventDefault();
  const field = node.querySelector("textarea");
  const button = node.querySelector("form button");
  const text = field.value.trim();
  if (!text) {
    tell(node, "Write something first.", true);
    field.focus();
    return;
  }
  button.disabled = true;
  try {
    comments(node, await comment(tea.name, text));
    field.value = "";
    tell(node, "Thank you.");
  } catch (error) {
    tell(node, sentence(error), true);
  } finally {
    button.disabled = false;
  }
}

function tell(node, text, wrong = false) {
  const line = node.querySelector(".told");
  line.textContent = text;
  line.classList.toggle("wrong", wrong);
}

function sentence(error) {
  if (error instanceof Refused) return error.message;
  if (error instanceof Hidden) return "The browser refused: the API's rules do not allow this page to do that.";
  if (error instanceof Unreachable) return "The API does not answer.";
  throw error;
}

// ---------------------------------------------------------------- the list

async function load(path) {
  list.setAttribute("aria-busy", "true");
  try {
    const page = await teas(path);
    if (!path) list.replaceChildren();
    list.append(...page.teas.map(card));
    next = page.next;
    more.hidden = !next;
    notice.replaceChildren();
    if (list.childElementCount === 0) notice.append(fill("empty"));
    read("yes", "may read the Tea API");
  } catch (error) {
    if (!path) list.replaceChildren();
    explain(error);
  } finally {
    list.removeAttribute("aria-busy");
  }
}

function explain(error) {
  let panel;
  if (error instanceof Hidden) {
    panel = fill("hidden");
    read("no", "may not read the Tea API");
    for (const place of panel.querySelectorAll(".this-page")) place.textContent = location.origin;
    for (const place of panel.querySelectorAll(".the-api")) place.textContent = api;
    const way = panel.querySelector(".way");
    way.querySelector("a").href = pages.app;
    way.querySelector("a").textContent = pages.app;
    way.hidden = location.origin === pages.app;
    panel.querySelector(".edit").hidden = location.origin !== pages.app;
  } else {
    panel = fill("broken");
    read("no", "no answer");
    panel.querySelector("p").textContent = sentence(error);
    panel.querySelector("button").addEventListener("click", () => load());
  }
  notice.replaceChildren(panel);
}

function read(answer, text) {
  reading.dataset.answer = answer;
  reading.querySelector("b").textContent = text;
}

// ---------------------------------------------------------------- a new tea

document.querySelector("#add").addEventListener("click", () => {
  tell(dialog, "");
  dialog.showModal();
});
dialog.querySelector("#cancel").addEventListener("click", () => dialog.close());

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = new FormData(form);
  const password = sent.get("password");
  sent.delete("password");
  for (const [name, value] of [...sent]) {
    if (value === "" || value.size === 0) sent.delete(name);
  }
  const button = form.querySelector("[type=submit]");
  for (const field of form.elements) field.removeAttribute("aria-invalid");
  button.disabled = true;
  try {
    await create(sent, password);
    dialog.close();
    form.reset();
    await load();
  } catch (error) {
    const wrong = error instanceof Refused ? (error.problem.errors ?? []) : [];
    for (const { field } of wrong) form.elements[field]?.setAttribute("aria-invalid", "true");
    if (error.problem?.status === 401) form.elements.password.setAttribute("aria-invalid", "true");
    tell(dialog, wrong.length > 1 ? wrong.map((each) => each.message).join(" ") : sentence(error), true);
    form.querySelector("[aria-invalid]")?.focus();
  } finally {
    button.disabled = false;
  }
});

// ---------------------------------------------------------------- the start

reading.querySelector("code").textContent = location.origin;
more.addEventListener("click", () => load(next));
const other = document.querySelector("#other");
const elsewhere = location.origin === pages.lookAlike ? pages.app : pages.lookAlike;
other.href = elsewhere;
other.textContent = elsewhere;
load();
