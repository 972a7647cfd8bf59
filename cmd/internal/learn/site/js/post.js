// Asking the engine, which is in the browser: a worker runs it.

const engine = new Worker(new URL("engine.js", import.meta.url));
const asked = new Map();
let last = 0, loaded = false;

engine.addEventListener("message", ({ data }) => {
  loaded = true;
  asked.get(data.id)?.(data);
  asked.delete(data.id);
});
engine.addEventListener("error", (event) => {
  for (const done of asked.values()) done({ failed: event.message });
  asked.clear();
});

// slow names what to say while an answer is waited for; null: nothing.
export const slow = () => (loaded ? null : "ui.engine_loading");

// post asks a question and returns { ok, busy, answer }; answer.error says what is wrong.
export async function post(path, body, signal) {
  signal?.throwIfAborted();
  const id = ++last;
  const reply = await new Promise((done, failed) => {
    asked.set(id, done);
    signal?.addEventListener("abort", () => { asked.delete(id); failed(signal.reason); });
    engine.postMessage({ id, path, body: JSON.stringify(body) });
  });
  if (reply.failed !== undefined) return { ok: false, answer: { error: reply.failed } };
  return { ok: reply.ok, answer: reply.ok ? JSON.parse(reply.text) : { error: reply.text } };
}
