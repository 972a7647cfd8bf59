// Asking the server. Every tab has a name of its own, so that the server can
// let the tabs take turns.

import { Problem } from "../shared/load.js";
import { t } from "../shared/text.js";

const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

const patience = 3; // times that a busy server is asked again

// ask posts a question and returns the answer. A signal gives it up. A busy
// server is asked again when it says, which waiting is told of.
export async function ask(path, body, signal, waiting) {
  for (let attempt = 0; ; attempt++) {
    const response = await fetch("api/" + path, {
      method: "POST", body: JSON.stringify(body), signal,
      headers: { "Content-Type": "application/json", "Sesim-Tab": tab },
    });
    if (response.status === 503 && attempt < patience) {
      waiting?.();
      await new Promise((done) => setTimeout(done, 1000 * Number(response.headers.get("Retry-After"))));
      continue;
    }
    const answer = await response.json();
    if (!response.ok) throw new Problem(answer.error, response.status === 503);
    return answer;
  }
}

// problemWords says what went wrong. What the server says of a scenario is in
// English in every language.
export function problemWords(problem) {
  if (!(problem instanceof Problem)) return t("ui.offline");
  return problem.busy ? t("ui.busy") : t("ui.error") + ":\n" + problem.message;
}
