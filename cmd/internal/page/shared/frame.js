// The words of a page's frame, its language and its appearance.

import { $, el, fill } from "./dom.js";
import { language, languages, t } from "./text.js";

// drawWords writes the words of the frame in the language of the page, and what
// language and appearance may be chosen.
export function drawWords(theme) {
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  fill($("#lang"), Object.entries(languages).map(([code, name]) => el("option", { value: code, selected: code === language, lang: code }, name)));
  fill($("#theme"), ["auto", "light", "dark"].map((name) => el("option", { value: name, selected: name === (theme ?? "auto") }, t("ui.theme_" + name))));
  for (const id of ["lang", "theme"]) $("#" + id).setAttribute("aria-label", t("ui." + (id === "lang" ? "language" : "theme")));
}

// dark says what the system prefers.
export const dark = matchMedia("(prefers-color-scheme: dark)");

// applyTheme takes the chosen appearance, or the system's.
export function applyTheme(theme) {
  const chosen = theme ?? "auto";
  document.documentElement.dataset.theme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
}
