// The figures of the account at the end of the run: those of the summary.

import { el, fill } from "../shared/dom.js";
import { number, percent, t, word } from "../shared/text.js";

const counts = ["recipients", "accepted", "delivered", "hard_bounced", "soft_bounced", "suppressed_account", "suppressed_global", "complaints", "in_flight"];

// behind are the figures whose mails can be listed, with what these are.
const behind = {
  recipients: "calls", accepted: "accepted", delivered: "delivered", hard_bounced: "hard_bounced", soft_bounced: "soft_bounced",
  suppressed_account: "suppressed_account", suppressed_global: "suppressed_global",
  complaints: "complaints", in_flight: "in_flight", refused: "refused", bounce_max: "bounced", bounce_final: "bounced",
};

// renderFigures lists them; open is called with the one whose mails are asked for. The exact value stands in each one's data.
export function renderFigures(host, account, open) {
  if (!account) {
    fill(host);
    return;
  }
  const refused = Object.values(account.refused).reduce((sum, n) => sum + n, 0);
  const rows = [
    ...counts.map((name) => [name, account[name], number(account[name])]),
    ["refused", refused, number(refused)],
    ["bounce_max", account.bounce_rate.max, percent(account.bounce_rate.max)],
    ["bounce_final", account.bounce_rate.final, percent(account.bounce_rate.final)],
  ];
  const shown = (name, value, text) => {
    if (!behind[name] || value === 0) return text;
    const label = t("ui.behind", { name: word("figure", name), n: text });
    return el("button.plain", { type: "button", "aria-label": label, onclick: () => open(behind[name]) }, text);
  };
  fill(host, el("h2", {}, t("ui.figures")), el("dl", {}, rows.map(([name, value, text]) =>
    el("div", {}, el("dt", {}, word("figure", name)), el("dd", { data: { figure: name, value } }, shown(name, value, text))))));
}
