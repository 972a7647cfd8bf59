// The frame of the page: its title and the lessons.

import { $, el, fill } from "../shared/dom.js";
import { drawWords } from "../shared/frame.js";
import { t } from "../shared/text.js";
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
}
