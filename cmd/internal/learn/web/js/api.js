// Asking what only the model knows.

import { Problem } from "../shared/load.js";
import { sentence, t } from "../shared/text.js";
import { post, slow } from "./post.js";

const patience = 3; // times that a busy server is asked again

// ask posts a question and returns the answer. A signal gives it up. A busy
// server is asked again when it says; waiting is told what is waited for.
export async function ask(path, body, signal, waiting) {
  if (slow()) waiting?.(t(slow()));
  for (let attempt = 0; ; attempt++) {
    const { ok, busy, after, answer } = await post(path, body, signal);
    if (busy && attempt < patience) {
      waiting?.(t("ui.busy_waiting"));
      await new Promise((done) => setTimeout(done, 1000 * after));
      continue;
    }
    if (!ok) throw new Problem(answer.error, busy);
    return answer;
  }
}

// problemWords says what went wrong. The model says of a scenario what is wrong in English;
// the files of other languages hold the sentences of its loader.
export function problemWords(problem) {
  if (!(problem instanceof Problem)) return t("ui.offline");
  return problem.busy ? t("ui.busy") : t("ui.error") + ":\n" + problem.message.split("\n").map(problemLine).join("\n");
}

// problemLine translates a line such as 'scenario.toml:2:1: horizn: unknown key (did you mean
// "horizon"?)' behind its position and key.
function problemLine(line) {
  const found = /^(\S+:\d+:\d+: (?:(?:[\w.[\]-]|"[^"]*")+: )?)(.+?)( \(did you mean (.+)\?\))?$/.exec(line);
  return found ? found[1] + sentence(found[2]) + (found[4] ? ` (${t("ui.meant", { word: found[4] })})` : "") : sentence(line);
}
