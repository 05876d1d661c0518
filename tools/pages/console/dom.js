// Making elements; no text ever becomes markup.

export const $ = (selector) => document.querySelector(selector);

// el("p.note", { hidden: true }, "text", child): what is no property of the element is an attribute.
export function el(what, properties = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name in made && name !== "role") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

// What stands between backticks is code.
export const prose = (text) => text.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));

// For those who hear the page.
export const unseen = (text) => el("span.unseen", {}, text);

export const mark = (passed) =>
  el(`span.mark${passed === true ? ".yes" : passed === false ? ".no" : ""}`, {}, el("span", { "aria-hidden": "true" },
    passed === true ? "✓" : passed === false ? "✗" : "·"), unseen(passed === true ? "passed " : passed === false ? "failed " : ""));

export function copyable(box) {
  const code = box.querySelector("code");
  const button = el("button.quiet", { type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = "Selected";
    }
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  box.append(button);
}

export function later(wait, call) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), wait);
  };
}
