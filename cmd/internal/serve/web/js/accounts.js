// The accounts: how each stands, and what its owner or AWS may do.

import { el, fill } from "../shared/dom.js";
import { number, percent, t, word } from "../shared/text.js";
import { ask } from "./api.js";
import { button, choice, field, statusLine, valueOf, wide } from "./form.js";

const mostCards = 12; // further accounts are in a selection

const quota = (a) => (a.max_24_hour_send < 0 ? t("ui.unlimited") : number(a.max_24_hour_send));

// Accounts draws a card for each account; chosen is called with the name of the one that is
// chosen.
export class Accounts {
  constructor(host, chosen) {
    this.host = host;
    this.chosen = chosen;
  }

  draw() {
    this.cards = new Map();
    this.key = "";
  }

  // show writes how the accounts stand, the chosen one among them.
  show(list, name) {
    const key = list.map((a) => a.name).join("\n");
    if (key !== this.key) {
      this.key = key;
      this.cards = new Map(list.slice(0, mostCards).map((a) => [a.name, this.card(a)]));
      const names = Object.fromEntries(list.map((a) => [a.name, a.name]));
      fill(this.host, el("div.cards", {}, [...this.cards.values()]),
        list.length > mostCards ? choice("account", t("ui.account"), names, { onchange: (e) => this.chosen(e.target.value) }) : null);
    }
    for (const a of list) {
      const card = this.cards.get(a.name);
      if (!card) continue;
      card.dataset.state = a.state;
      card.setAttribute("aria-pressed", String(a.name === name));
      card.word.textContent = word("state", a.state);
      card.facts.textContent = t("ui.facts", {
        used: number(a.sent_last_24_hours), quota: quota(a), rate: number(a.max_send_rate),
        bounce: percent(a.bounce_rate), complaint: percent(a.complaint_rate),
      });
    }
  }

  card(a) {
    const state = el("span.word"), facts = el("span.facts");
    const node = el("button.state.card", { type: "button", onclick: () => this.chosen(a.name) },
      el("span.who", {}, el("strong", {}, a.name), " ", a.region), state, facts);
    node.word = state;
    node.facts = facts;
    return node;
  }
}

// Actions draws what may be done for an account. changed is called after something was.
export class Actions {
  constructor(host, changed) {
    this.host = host;
    this.changed = changed;
  }

  draw(name) {
    this.name = name;
    const status = statusLine();
    const does = (action) => async () => {
      const given = Object.entries(action()).filter(([, v]) => v !== "");
      await ask("POST", `accounts/${encodeURIComponent(this.name)}/actions`, Object.fromEntries(given));
      await this.changed();
    };
    const act = (id, action) => button(id, t("ui." + id.replace("-", "_")), status, does(action));
    const open = this.details?.open ?? wide();
    fill(this.host, this.details = el("details", { id: "act", open },
      el("summary", {}, el("h2", { id: "actions-title" }, t("ui.actions_title", { name }))),
      this.verified = el("p.small", { id: "verified" }),
      el("div.row", {},
        field("identity", t("ui.identity"), { placeholder: "example.com" }),
        act("verify", () => ({ do: "verify", identity: valueOf("identity") }))),
      el("div.row", {},
        choice("outcome", t("ui.outcome"), { accepted: t("ui.accepted"), rejected: t("ui.rejected") }),
        field("after", t("ui.after"), { value: "24h" }),
        act("appeal", () => ({ do: "appeal", outcome: valueOf("outcome"), after: valueOf("after") }))),
      el("div.row", {},
        act("request", () => ({ do: "request" })),
        act("pause", () => ({ do: "pause" })), act("resume", () => ({ do: "resume" }))),
      el("div.row", {},
        field("quota", t("ui.quota"), { inputmode: "numeric", placeholder: "50000" }),
        field("rate", t("ui.rate"), { inputmode: "numeric", placeholder: "14" }),
        act("grant", () => ({ do: "quota", quota: Number(valueOf("quota")) || "", rate: Number(valueOf("rate")) || "" }))),
      status));
  }

  show(account) {
    this.verified.textContent = t("ui.verified", { list: account.identities.join(", ") || "–", listed: number(account.listed) });
    this.verified.append(account.review ? ` ${t("ui.review", { review: account.review })}` : "");
  }
}
