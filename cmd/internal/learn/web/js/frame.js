// The frame of the page: its title, the lessons, language and appearance.

import { $, el, fill } from "./dom.js";
import { language, languages, t } from "./text.js";

// drawFrame writes the words of the frame in the language of the page.
export function drawFrame(app) {
  document.title = app.lesson ? `${t(`lessons.${app.lesson.id}.title`)} · ${t("ui.title")}` : t("ui.title");
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  const link = (id, label, n) => el("li", {}, el("a", {
    href: "#lesson=" + id, id: "lesson-" + id, "aria-current": (app.lesson?.id ?? "own") === id ? "page" : null,
    onclick: (e) => { e.preventDefault(); app.open(id); },
  }, n ? el("span.number", {}, String(n)) : null, label));
  fill($("#lessons"), el("ol", {}, app.lessons.map((l, i) => link(l.id, t(`lessons.${l.id}.short`), i + 1)), link("own", t("ui.own"))));
  $("#lessons [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  fill($("#lang"), Object.entries(languages).map(([code, name]) => el("option", { value: code, selected: code === language, lang: code }, name)));
  fill($("#theme"), ["auto", "light", "dark"].map((name) => el("option", { value: name, selected: name === (app.state.theme ?? "auto") }, t("ui.theme_" + name))));
  for (const id of ["lang", "theme"]) $("#" + id).setAttribute("aria-label", t("ui." + (id === "lang" ? "language" : "theme")));
}

// dark says what the system prefers.
export const dark = matchMedia("(prefers-color-scheme: dark)");

// applyTheme takes the chosen appearance, or the system's.
export function applyTheme(theme) {
  const chosen = theme ?? "auto";
  document.documentElement.dataset.theme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
}
