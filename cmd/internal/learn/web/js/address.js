// The address holds what was set: lesson, settings, seed and appearance. Whether it was run, the
// moment, the pin and other runs are kept in the history of the browser, so that reloading and
// going back show the run, and a link gives no answer away; one with ran=1 shows it on purpose.
// What stands at its default is left out.

const reserved = ["lesson", "notes", "present", "seed", "t", "ran", "pin", "guess", "lang", "theme", "speed", "chart", "account", "own", "seeds", "assumptions"];

// read returns the state that the address and the history hold.
export function read() {
  const q = new URLSearchParams(location.hash.slice(1) + "&" + (history.state?.run ?? ""));
  const state = {
    lesson: q.get("lesson") ?? "sandbox", seed: whole(q.get("seed")) ?? 1, t: q.has("t") ? Number(q.get("t")) || 0 : null,
    ran: q.has("ran"), guess: null, lang: q.get("lang"), theme: q.get("theme"), speed: Number(q.get("speed")) || null,
    chart: q.get("chart"), account: q.get("account"), own: q.get("own"), notes: q.has("notes"), present: q.has("present") || new URLSearchParams(location.search).has("present"), seeds: q.has("seeds"), assumptions: q.has("assumptions"), values: {}, pin: null,
  };
  for (const [key, value] of q) if (!reserved.includes(key)) state.values[key] = value;
  if (q.has("pin")) {
    const pin = new URLSearchParams(q.get("pin"));
    state.pin = { seed: whole(pin.get("seed")) ?? 1, values: Object.fromEntries([...pin].filter(([key]) => key !== "seed")) };
  }
  return state;
}

function whole(text) { return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null; }

// write puts the state into the address and the history, as a new entry where the reader has
// turned to something else.
export function write(state, entry = false) {
  const q = new URLSearchParams(), run = new URLSearchParams();
  const put = (to, key, value) => value !== null && value !== undefined && value !== "" && value !== false && to.set(key, value);
  put(q, "lesson", state.lesson);
  for (const [key, value] of Object.entries(state.values)) put(q, key, value);
  for (const mode of ["notes", "present"]) if (state[mode]) put(q, mode, "1");
  if (state.seed !== 1) put(q, "seed", state.seed);
  for (const key of ["lang", "theme", "speed", "chart", "account", "own"]) put(q, key, state[key]);
  if (state.ran) put(run, "ran", "1");
  if (state.ran && state.t !== null) put(run, "t", Math.round(state.t));
  if (state.pin) put(run, "pin", new URLSearchParams({ ...state.pin.values, seed: state.pin.seed }).toString());
  for (const kind of ["seeds", "assumptions"]) if (state[kind]) put(run, kind, "1");
  const hash = "#" + q;
  if (hash === location.hash && history.state?.run === run.toString()) return;
  history[entry ? "pushState" : "replaceState"]({ run: run.toString() }, "", hash);
}
