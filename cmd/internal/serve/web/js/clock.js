// The clock: what it shows, how it runs, and where it goes.

import { $, el, fill } from "../shared/dom.js";
import { number, sentence, t, word } from "../shared/text.js";
import { ask } from "./api.js";
import { button, choice, field, statusLine, valueOf, wide } from "./form.js";

// moment writes a virtual time of the calendar.
export const moment = (iso) => new Date(iso).toISOString().slice(0, 19).replace("T", " ");

// how says how the clock runs.
function how(clock) {
  if (clock.tick) return t("ui.how_tick", { tick: clock.tick });
  if (clock.frozen) return t("ui.how_frozen");
  return clock.speed === 1 ? t("ui.how_real") : t("ui.how_speed", { n: number(clock.speed, 3) });
}

const tomorrow = (iso) => new Date(Date.parse(iso) + 86400e3).toISOString().slice(0, 19) + "Z";

const words = (...names) => Object.fromEntries(names.map((name) => [name, t("ui." + name)]));

// ClockPanel draws the section. changed is called after the clock was set.
export class ClockPanel {
  constructor(host, changed) {
    this.host = host;
    this.changed = changed;
  }

  // draw draws the section anew, in the language of the page.
  draw() {
    this.now = el("p.now", { id: "now" });
    this.how = el("p.small", { id: "how" });
    const status = statusLine(), open = this.details?.open ?? wide();
    const put = (body) => async () => { await ask("PUT", "clock", body()); await this.changed(); };
    fill(this.host,
      el("h2", { id: "clock-title" }, t("ui.clock_title")), this.now, this.how,
      el("div.row", {},
        button("hold", t("ui.hold"), status, put(() => ({ speed: 0 }))),
        button("real", t("ui.real"), status, put(() => ({ speed: 1 })))),
      el("div.row", {},
        field("speed", t("ui.speed"), { inputmode: "decimal", value: "60" }),
        button("set-speed", t("ui.set"), status, put(() => ({ speed: Number(valueOf("speed").replace(",", ".")) })))),
      el("div.row", {},
        field("tick", t("ui.tick_field"), { value: "1s" }),
        button("set-tick", t("ui.set"), status, put(() => ({ tick: valueOf("tick") })))),
      this.details = el("details", { id: "jump", open }, el("summary", {}, el("h2", {}, t("ui.advance"))),
        el("div.row", {},
          choice("where", t("ui.where"), words("by", "to", "next", "until"), { onchange: () => this.where() }),
          this.target = el("span.field")),
        el("div.row", {},
          choice("settle", t("ui.settle"), { end: t("ui.settle_end"), each: t("ui.settle_each"), none: t("ui.settle_none") }),
          button("advance", t("ui.go"), status, () => this.advance())),
        this.hint = el("p.small")),
      status);
    this.where();
    if (this.clock) this.show(this.clock);
  }

  // where offers what the chosen kind of jump needs.
  where() {
    const kind = valueOf("where") || "by";
    const begin = { by: "1h", to: this.clock ? tomorrow(this.clock.now) : "", until: (this.account ?? "acme") + ".quota_free >= 1" }[kind];
    fill(this.target, begin === undefined ? null : field("target", t("ui.target_" + kind), { value: begin }));
    this.hint.textContent = t("ui.hint_" + kind);
  }

  async advance() {
    const kind = valueOf("where");
    const body = { settle: valueOf("settle"), [kind]: kind === "next" ? true : valueOf("target") };
    const j = await ask("POST", "clock/advance", body);
    await this.changed();
    const parts = [t("ui.jumped", { to: moment(j.to), events: number(j.events), notified: number(j.notified) })];
    if (j.failed) parts.push(t("ui.jump_failed", { n: number(j.failed) }));
    if (j.unread) parts.push(t("ui.jump_unread"));
    if (j.until === false) parts.push(t("ui.jump_until"));
    for (const c of j.changes.slice(0, 20)) parts.push(`${moment(c.at)} ${c.account}: ${word("event", c.event)} (${sentence(c.why)})`);
    return parts.map((p) => el("span.line", {}, p));
  }

  // show writes what the clock reads.
  show(clock, account = this.account) {
    this.clock = clock;
    this.account = account;
    this.now.textContent = moment(clock.now) + " UTC";
    this.how.textContent = `${how(clock)} ${t("ui.next_is", { at: moment(clock.next.at), what: sentence(clock.next.what) })}`;
    $("#hold").setAttribute("aria-pressed", String(clock.frozen && !clock.tick));
    $("#real").setAttribute("aria-pressed", String(clock.speed === 1));
  }
}
