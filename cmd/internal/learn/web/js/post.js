// Asking the server. Every tab has a name of its own, so that the server can
// let the tabs take turns.

const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, "0")).join("");

// slow names what to say while an answer is waited for; null: nothing.
export const slow = () => null;

// post asks a question and returns { ok, busy, after, answer }: busy after so many seconds it
// may be asked again; answer.error says what is wrong.
export async function post(path, body, signal) {
  const response = await fetch("api/" + path, {
    method: "POST", body: JSON.stringify(body), signal,
    headers: { "Content-Type": "application/json", "Sesim-Tab": tab },
  });
  return { ok: response.ok, busy: response.status === 503, after: Number(response.headers.get("Retry-After")), answer: await response.json() };
}
