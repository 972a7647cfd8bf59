// The frame of the page: its title and the lessons.

import { $, el, fill } from "../shared/dom.js";
import { drawWords } from "../shared/frame.js";
import { language, t } from "../shared/text.js";
import { glossary } from "./glossary.js";
import { said } from "./words.js";

// drawFrame writes the words of the frame in the language of the page.
export function drawFrame(app) {
  document.title = app.lesson ? `${said(app.lesson, "title")} · ${t("ui.title")}` : t("ui.title");
  const link = (id, label, n) => el("li", {}, el("a", {
    href: "#lesson=" + id, id: "lesson-" + id, "aria-current": (app.lesson?.id ?? "own") === id ? "page" : null,
    onclick: (e) => { e.preventDefault(); app.open(id); },
  }, n ? el("span.number", {}, String(n)) : null, label));
  fill($("#lessons"), el("ol", {}, app.lessons.map((l, i) => link(l.id, said(l, "short"), i + 1)), link("own", t("ui.own"))));
  $("#lessons [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  drawWords(app.state.theme);
  const sheet = new URLSearchParams({ ...(app.lesson ? { lesson: app.lesson.id } : {}), lang: language, ...(app.state.notes ? { notes: "1" } : {}) });
  $("#worksheet").href = "worksheet.html#" + sheet;
  $("#glossary .glossary")?.remove();
  $("#glossary").append(glossary());
  applyPresent(app.state.present);
}

// applyPresent turns the page into one for a projector, or back.
export function applyPresent(on) {
  if (on) document.documentElement.dataset.present = "1";
  else delete document.documentElement.dataset.present;
  $("#present").textContent = t(on ? "ui.present_end" : "ui.present");
}
