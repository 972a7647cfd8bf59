// The terms of the lessons, as AWS calls them, in the language of the page.

import { el } from "../shared/dom.js";
import { language, word } from "../shared/text.js";

const pages = "https://docs.aws.amazon.com/ses/latest/dg/";

// terms are AWS's English terms, each with the page that explains it.
const terms = {
  identity: ["verified identity", "creating-identities.html"],
  sandbox: ["sandbox", "request-production-access.html"],
  quota: ["sending quota", "manage-sending-quotas.html"],
  rate: ["maximum send rate", "manage-sending-quotas.html"],
  hard: ["hard bounce", "faqs-enforcement.html"],
  complaint: ["complaint", "faqs-enforcement.html"],
  account_list: ["account-level suppression list", "sending-email-suppression-list.html"],
  global_list: ["global suppression list", "sending-email-global-suppression-list.html"],
  review: ["under review", "faqs-enforcement.html"],
  pause: ["sending paused", "faqs-enforcement.html"],
};

// glossary returns the list of terms.
export function glossary() {
  return el("dl.glossary", {}, Object.entries(terms).flatMap(([id, [aws, page]]) => [
    el("dt", {}, word("term", id), language === "en" ? null : el("span", { lang: "en" }, ` (${aws})`)),
    el("dd", {}, word("glossary", id), " ", el("a", { href: pages + page, target: "_blank", rel: "noreferrer noopener" }, "AWS")),
  ]));
}
