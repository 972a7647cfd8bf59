// Asking the server. Every tab has a name of its own, so that the server can
// let the tabs take turns.

const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

// Problem is an answer that says what is wrong; busy, that too many others ask.
export class Problem extends Error {
  constructor(message, busy = false) {
    super(message);
    this.busy = busy;
  }
}

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

// load fetches something that never changes.
export async function load(path) {
  const response = await fetch(path);
  if (!response.ok) throw new Problem(path + ": " + response.status);
  return response.json();
}
