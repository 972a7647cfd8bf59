"use strict";
// Values under the pointer and by arrow keys, one cursor in all charts of time and in the
// timelines, and a part of the time enlarged by drawing over it, with + and - as well.
(() => {
  const ns = "http://www.w3.org/2000/svg", box = document.getElementById("reading");
  const all = (of, what) => [...of.querySelectorAll(what)];
  const charts = all(document, "svg[data-axes]").map((svg) => {
    const axes = svg.dataset.axes.split(" ").map((a) => a.split(",").map(Number)).filter((a, i, l) => l.findIndex((b) => b[0] === a[0]) === i);
    const view = svg.viewBox.baseVal, figure = svg.closest("figure");
    const add = (name, set) => Object.entries(set).reduce((e, [k, v]) => (e.setAttribute(k, v), e), svg.appendChild(document.createElementNS(ns, name)));
    const lines = axes.map(() => add("line", { class: "cursor", y1: view.y, y2: view.y + view.height, visibility: "hidden" }));
    const areas = all(svg, ".area").map((e) => ({ e, at: e.getAttribute("viewBox").split(" ").map(Number) }));
    const foot = (a) => view.y + view.height + 15 - Math.min(...areas.filter((o) => Math.abs(o.at[0] - a[0]) < 1).map((o) => o.at[1]));
    const marks = axes.map((a) => [0, 0.5, 1].map(() => add("text", { class: "mark", y: foot(a), visibility: "hidden" })));
    return { svg, axes, lines, marks, figure, areas };
  });
  if (!charts.length) return;
  const data = new Map(all(document, "[data-readings]").map((f) => {
    const [names, ...lines] = f.dataset.readings.split("\n").map((l) => l.split("\t"));
    return [f, { names, lines }];
  }));
  const rows = all(document, "tr[data-at]").map((e) => ({ e, at: +e.dataset.at }));
  const whole = [Math.min(...charts.flatMap((c) => c.axes.map((a) => a[2]))), Math.max(...charts.flatMap((c) => c.axes.map((a) => a[3])))];
  let [from, to] = whole, now = null, drag = null;

  const two = (n) => String(n).padStart(2, "0");
  const clock = (t) => {
    const s = Math.abs(Math.round(t)), rest = s % 86400, second = rest % 60 ? ":" + two(rest % 60) : "";
    return "day " + (t < 0 ? "−" : "") + Math.floor(s / 86400) + ", " + two(Math.floor(rest / 3600)) + ":" + two(Math.floor(rest % 3600 / 60)) + second;
  };
  // shown returns the times that an axis shows: all of its own where it has none of the part.
  const shown = (a) => {
    const low = Math.max(from, a[2]), high = Math.min(to, a[3]);
    return low < high && (from > whole[0] || to < whole[1]) ? [low, high] : [a[2], a[3]];
  };
  const nearest = (figure, t) => {
    let best = null;
    for (const r of data.get(figure)?.lines ?? []) if (!best || Math.abs(r[0] - t) < Math.abs(best[0] - t)) best = r;
    return best;
  };
  // point shows a moment: a cursor everywhere, the latest line of each timeline, and the
  // values of the chart that is pointed at.
  const point = (t, chart, x, y) => {
    now = t;
    for (const c of charts) c.lines.forEach((line, i) => {
      const a = c.axes[i], [low, high] = shown(a), at = a[0] + (t - low) / (high - low) * (a[1] - a[0]);
      line.setAttribute("x1", at); line.setAttribute("x2", at);
      line.setAttribute("visibility", t >= low && t <= high ? "visible" : "hidden");
    });
    const tables = new Map();
    for (const r of rows) { r.e.classList.remove("now"); if (r.at <= t) tables.set(r.e.parentNode, r.e); }
    for (const e of tables.values()) e.classList.add("now");
    const row = nearest(chart.figure, t);
    box.replaceChildren();
    const say = (text) => box.appendChild(document.createElement("div")).append(text);
    say(clock(row ? row[0] : t));
    row?.slice(1).forEach((v, i) => v && say(data.get(chart.figure).names[i] + ": " + v));
    box.hidden = false;
    box.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.offsetWidth - 8)) + "px";
    box.style.top = Math.max(4, Math.min(y + 14, innerHeight - box.offsetHeight - 8)) + "px";
  };
  const hide = () => { box.hidden = true; charts.forEach((c) => c.lines.forEach((l) => l.setAttribute("visibility", "hidden"))); rows.forEach((r) => r.e.classList.remove("now")); };
  // enlarge shows a part of the time in all charts; without one, the whole.
  const enlarge = (a, b) => {
    [from, to] = b - a >= (whole[1] - whole[0]) / 20000 ? [Math.max(a, whole[0]), Math.min(b, whole[1])] : whole;
    const part = from > whole[0] || to < whole[1];
    document.body.classList.toggle("enlarged", part);
    for (const c of charts) {
      for (const { e, at } of c.areas) {
        const axis = c.axes.find((a) => Math.abs(a[0] - at[0]) < 1) ?? c.axes[0], [low, high] = shown(axis), k = at[2] / (axis[3] - axis[2]);
        e.setAttribute("viewBox", [at[0] + (low - axis[2]) * k, at[1], (high - low) * k, at[3]].join(" "));
      }
      c.marks.forEach((texts, i) => texts.forEach((e, n) => {
        const axis = c.axes[i], [low, high] = shown(axis);
        e.setAttribute("x", axis[0] + n / 2 * (axis[1] - axis[0]));
        e.setAttribute("text-anchor", ["start", "middle", "end"][n]);
        e.setAttribute("visibility", part && (n !== 1 || axis[1] - axis[0] > 300) ? "visible" : "hidden");
        e.textContent = clock(Math.round((low + n / 2 * (high - low)) / 60) * 60);
      }));
    }
  };
  const time = (chart, event) => {
    const view = chart.svg.viewBox.baseVal, r = chart.svg.getBoundingClientRect();
    const x = view.x + (event.clientX - r.left) / r.width * view.width;
    const axis = chart.axes.find((a) => x <= a[1] + 12) ?? chart.axes.at(-1), [low, high] = shown(axis);
    return Math.min(high, Math.max(low, low + (x - axis[0]) / (axis[1] - axis[0]) * (high - low)));
  };
  for (const c of charts) {
    c.svg.addEventListener("pointermove", (e) => point(time(c, e), c, e.clientX, e.clientY));
    c.svg.addEventListener("pointerleave", () => { if (!drag) hide(); });
    c.svg.addEventListener("pointerdown", (e) => { if (e.pointerType === "mouse") { drag = [time(c, e), e.clientX]; e.preventDefault(); } });
    c.svg.addEventListener("pointerup", (e) => {
      if (drag && Math.abs(e.clientX - drag[1]) > 6) enlarge(...[drag[0], time(c, e)].sort((a, b) => a - b));
      drag = null;
    });
    c.svg.addEventListener("dblclick", () => enlarge(...whole));
  }
  for (const figure of new Set(charts.map((c) => c.figure))) figure.querySelector(".chart").addEventListener("keydown", (e) => {
    const c = charts.find((c) => c.figure === figure && c.svg.getClientRects().length), step = (to - from) / 60, at = now ?? (from + to) / 2;
    const r = figure.getBoundingClientRect(), show = (t) => point(Math.min(to, Math.max(from, t)), c, r.left + 60, Math.max(r.top, 0) + 20);
    const keys = {
      ArrowLeft: () => show(at - step), ArrowRight: () => show(at + step), Escape: () => { enlarge(...whole); hide(); },
      "+": () => enlarge(at - (to - from) / 4, at + (to - from) / 4), "-": () => enlarge(at - (to - from), at + (to - from)),
    };
    if (c && keys[e.key]) { keys[e.key](); e.preventDefault(); }
  });
  document.addEventListener("pointerup", () => { drag = null; });
})();
