// The address bar holds the state of the page: lesson, settings, seed, moment, pin and
// appearance, and not what was predicted, which a link would give away. What stands at
// its default is left out.

const reserved = ["lesson", "notes", "present", "seed", "t", "ran", "pin", "guess", "lang", "theme", "speed", "chart", "account", "own", "seeds", "assumptions"];

// read returns the state that the address holds.
export function read() {
  const q = new URLSearchParams(location.hash.slice(1));
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

// write puts the state into the address, as a new entry of the history where
// the reader has turned to something else.
export function write(state, entry = false) {
  const q = new URLSearchParams();
  const put = (key, value) => value !== null && value !== undefined && value !== "" && value !== false && q.set(key, value);
  put("lesson", state.lesson);
  for (const [key, value] of Object.entries(state.values)) put(key, value);
  for (const mode of ["notes", "present"]) if (state[mode]) put(mode, "1");
  if (state.seed !== 1) put("seed", state.seed);
  if (state.ran) put("ran", "1");
  if (state.ran && state.t !== null) put("t", Math.round(state.t));
  if (state.pin) put("pin", new URLSearchParams({ ...state.pin.values, seed: state.pin.seed }).toString());
  for (const key of ["lang", "theme", "speed", "chart", "account", "own"]) put(key, state[key]);
  for (const kind of ["seeds", "assumptions"]) if (state[kind]) put(kind, "1");
  const hash = "#" + q;
  if (hash === location.hash) return;
  history[entry ? "pushState" : "replaceState"](null, "", hash);
}
