// The Tea App at an origin that the rules name, and at one that only looks like it.
import { pages } from "./config.js";
import { $, el } from "./dom.js";

const twins = [
  { origin: pages.app, title: "Allowed", says: "The rules name this origin.", kind: "yes" },
  { origin: pages.lookAlike, title: "Look-alike", says: "It begins like the other, and belongs to someone else.", kind: "no" },
];

export function begin() {}

// Loaded only when they are looked at, since each asks the API for a dozen pictures.
export function shown() {
  if ($("#twins").childElementCount) return;
  $("#twins").append(
    ...twins.map(({ origin, title, says, kind }) =>
      el(`figure.card.twin.${kind}`, {},
        el("figcaption", {},
          el("h2", {}, title),
          el("a", { href: origin, target: "_blank", rel: "noopener" }, el("code", {}, origin)),
          el("p.quiet-text", {}, says)),
        el("iframe", { src: `${origin}/`, title: `The Tea App at ${origin}` }))),
  );
}
