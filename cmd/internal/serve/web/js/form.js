// Forms: a few fields, a button, and what came of it.

import { el, fill } from "../shared/dom.js";
import { Problem } from "../shared/load.js";
import { sentence, t } from "../shared/text.js";

// field makes a labelled input; choice, a labelled selection among the keys of a table
// of words.
export function field(id, label, properties = {}) {
  const input = el("input", { id, type: "text", autocomplete: "off", spellcheck: "false", ...properties });
  return el("label.field", { for: id }, el("span", {}, label), input);
}

export function choice(id, label, options, properties = {}) {
  return el("label.field", { for: id }, el("span", {}, label),
    el("select", { id, ...properties }, Object.entries(options).map(([value, name]) => el("option", { value }, name))));
}

// wide reports whether there is room for what is not always needed.
export const wide = () => innerWidth > 960;

export const valueOf = (id) => document.getElementById(id)?.value.trim() ?? "";

// button makes a button that does something, which may take its time, and says in the status
// what came of it.
export function button(id, label, status, act) {
  const node = el("button", { type: "button", id }, label);
  node.addEventListener("click", async () => {
    if (node.getAttribute("aria-busy")) return;
    node.setAttribute("aria-busy", "true");
    say(status, t("ui.working"));
    try {
      say(status, (await act()) ?? t("ui.done"));
    } catch (problem) {
      say(status, problem instanceof Problem ? sentence(problem.message) : t("ui.ended"), true);
    } finally {
      node.removeAttribute("aria-busy");
    }
  });
  return node;
}

// statusLine makes the place where a section says what came of its buttons.
export const statusLine = () => el("p.result", { role: "status" });

export function say(status, text, wrong = false) {
  status.classList.toggle("problem", wrong);
  fill(status, text);
}
