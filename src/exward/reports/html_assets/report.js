"use strict";
// Filters, sorting and zoom for the report. Every value reaches the page as a text node; nothing
// here builds markup from text, loads or stores anything.
(() => {
  const source = document.getElementById("data");
  const rows = document.getElementById("rows");
  document.documentElement.classList.add("js-on");
  if (!rows) return;

  const CHUNK = 100, OPTIONS = 300, BINS = 160, LANE = 26, MAX_TICKS = 8, LAST_TICK = 91;
  // A list: kind, server, account, address, first, last, count, grade, why, places (html_data.py)
  const data = JSON.parse(source.textContent);
  const findings = data.findings.map(([kind, server, account, address, first, last, count, grade, why, places], number) => {
    const [detector, rule, title, severity, confidence, stage, techniques, advice, references] = data.kinds[kind];
    return { number, detector, rule, title, severity, confidence, stage, techniques, advice,
      references, server, account, address, first, last, count, grade, why, places, text: null };
  });
  const byId = (id) => document.getElementById(id);
  const chart = byId("chart"), spikes = byId("spikes");
  const whole = chart ? [Number(chart.dataset.start), Number(chart.dataset.end)] : null;
  const order = { key: null, way: 1 };
  const hiddenLevels = new Set();
  let shown = findings, drawn = 0;

  function el(tag, name, ...children) {
    const node = document.createElement(tag);
    if (name) node.className = name;
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  }

  function svg(tag, attributes, text) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text) node.append(text);
    return node;
  }

  const number = (value) => value.toLocaleString("en-US");
  const utc = (seconds) => seconds === null ? "no time"
    : new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ") + "Z";

  function span(first, last) {
    const start = utc(first), end = utc(last);
    if (last === null || start === end) return start;
    return `${start} – ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end}`;
  }

  // --- one finding -----------------------------------------------------------------------------

  function links(pairs) {
    return pairs.flatMap(([label, address], place) => {
      const comma = place ? [", "] : [];
      if (!address) return [...comma, el("span", "raw", label)];
      const link = el("a", "", label);
      Object.assign(link, { href: address, rel: "noreferrer noopener", target: "_blank" });
      return [...comma, link];
    });
  }

  function fact(name, ...value) {
    return el("div", "", el("dt", "", name), el("dd", "", ...value));
  }

  function place([file, position, time, fields]) {
    const where = el("p", "", el("code", "raw", `${data.files[file]}:${position}`), el("time", "", utc(time)));
    if (fields === null) return el("li", "", where, el("p", "rest", "Excerpt left out to keep this page small: it is in the results as JSONL."));
    if (!fields.length) return el("li", "", where);
    return el("li", "", where, el("dl", "fields", ...fields.map(([name, value]) => fact(name, value))));
  }

  function detail(one) {
    const more = one.count - one.places.length;
    return el("div", "detail",
      el("p", "why", one.why),
      one.advice && el("p", "advice", el("b", "", "What to do:"), " ", one.advice),
      el("dl", "facts",
        fact("Seen", span(one.first, one.last)),
        one.account && fact("Account", one.account),
        one.address && fact("From", one.address),
        fact("Evidence of", one.grade),
        fact("Confidence", one.confidence),
        one.techniques.length ? fact("ATT&CK", ...links(one.techniques)) : null,
        fact("Rule", `${one.rule} (${one.detector})`)),
      el("ol", "places", ...one.places.map(place)),
      more > 0 ? el("p", "rest", `… and ${number(more)} more occurrences`) : null,
      one.references.length ? el("p", "refs", el("b", "", "References:"), " ", ...links(one.references)) : null);
  }

  function fill(item) {
    const box = item.querySelector("details");
    if (!box.querySelector(".detail")) box.append(detail(findings[Number(item.id.slice(1))]));
  }

  function row(one) {
    const level = data.severities[one.severity];
    const summary = el("summary", "",
      el("span", `sev s-${level}`, level),
      el("time", "", utc(one.first)),
      el("span", "raw server", one.server),
      el("span", "raw title", one.title),
      el("span", "stage", data.stages[one.stage][1]),
      el("span", "n", number(one.count)));
    const box = el("details", "", summary);
    const item = el("li", "", box);
    item.id = `f${one.number}`;
    box.addEventListener("toggle", () => box.open && fill(item));
    return item;
  }

  function draw(until) {
    rows.append(...shown.slice(drawn, until).map(row));
    drawn = Math.min(Math.max(until, drawn), shown.length);
    const left = shown.length - drawn;
    const more = byId("more"), rest = byId("rest");
    more.hidden = left === 0;
    more.textContent = `Show ${number(Math.min(CHUNK, left))} more of ${number(left)}`;
    if (rest) rest.textContent = left ? `… and ${number(left)} more findings.` : "";
  }

  // --- filters and sorting ---------------------------------------------------------------------

  function text(one) {
    // Built on first use: most readers never search.
    one.text ??= [one.title, one.why, one.server, one.account, one.address, one.rule, one.advice,
      ...one.techniques.flat(), ...one.places.flatMap(([file, position, , fields]) =>
        [`${data.files[file]}:${position}`, ...(fields ?? []).flat()])].join("\n").toLowerCase();
    return one.text;
  }

  function parseTime(value, fallback) {
    const match = /^\s*(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?Z?\s*$/.exec(value);
    const time = match ? Date.parse(`${match[1]}T${match[2] ?? "00:00"}${match[3] ?? ":00"}Z`) : NaN;
    return Number.isNaN(time) ? fallback : time / 1000;
  }

  const chosen = (id) => byId(id).value;

  function range() {
    const start = parseTime(chosen("from"), null), end = parseTime(chosen("to"), null);
    return start === null && end === null ? null : [start ?? -Infinity, end ?? Infinity];
  }

  function filtered(between) {
    const words = chosen("q").toLowerCase().split(/\s+/).filter(Boolean);
    const [stage, server, account, grade] = ["stage", "server", "account", "grade"].map(chosen);
    return findings.filter((one) => !hiddenLevels.has(one.severity)
      && (stage === "" || one.stage === Number(stage))
      && (server === "" || one.server === server.slice(1))
      && (account === "" || one.account === account.slice(1))
      && (grade === "" || one.grade === grade)
      && (between === null || (one.first !== null && one.first >= between[0] && one.first <= between[1]))
      && words.every((word) => text(one).includes(word)));
  }

  function sorted(list) {
    if (order.key === null) return list;
    const empty = (value) => value === null || value === "";
    return [...list].sort((a, b) => {
      const [left, right] = [a[order.key], b[order.key]];
      if (empty(left) || empty(right)) return empty(left) - empty(right) || a.number - b.number;
      return order.way * ((left > right) - (left < right)) || a.number - b.number;
    });
  }

  function update() {
    const between = range();
    shown = sorted(filtered(between));
    rows.replaceChildren();
    drawn = 0;
    draw(CHUNK);
    byId("shown").textContent = shown.length === findings.length
      ? `All ${number(findings.length)} findings, ${order.key === null ? "worst first" : `sorted by ${order.name}`}`
      : `${number(shown.length)} of ${number(findings.length)} findings`;
    if (chart) drawChart(between);
  }

  function options(id, all, values) {
    const counts = new Map();
    for (const [value, label] of values) {
      const known = counts.get(value) ?? [label, 0];
      counts.set(value, [label, known[1] + 1]);
    }
    const list = [...counts].slice(0, 5000).sort((a, b) => b[1][1] - a[1][1]).slice(0, OPTIONS);
    byId(id).replaceChildren(new Option(all, ""), ...list.map(([value, [label, count]]) =>
      new Option(`${label.slice(0, 60)} (${number(count)})`, value)));
  }

  function levelButton(severity) {
    const count = findings.reduce((sum, one) => sum + (one.severity === severity), 0);
    const level = data.severities[severity];
    const button = el("button", `s-${level}`, `${level} ${number(count)}`);
    button.type = "button";
    button.hidden = count === 0;
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      if (!hiddenLevels.delete(severity)) hiddenLevels.add(severity);
      button.setAttribute("aria-pressed", String(!hiddenLevels.has(severity)));
      update();
    });
    return button;
  }

  function clear() {
    hiddenLevels.clear();
    byId("levels").querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", "true"));
    byId("filters").querySelectorAll("input, select").forEach((one) => { one.value = ""; });
    update();
  }

  function heads() {
    const keys = ["severity", "first", "server", "title", "stage", "count"];
    const downFirst = new Set(["severity", "count"]);
    [...byId("heads").children].forEach((head, place) => {
      const key = keys[place], label = head.textContent;
      const button = el("button", "", label);
      button.type = "button";
      button.title = `Sort by ${label.toLowerCase()}`;
      button.addEventListener("click", () => {
        order.way = order.key === key ? -order.way : downFirst.has(key) ? -1 : 1;
        order.key = key;
        order.name = `${label.toLowerCase()}, ${order.way > 0 ? "ascending" : "descending"}`;
        byId("heads").querySelectorAll("button").forEach((one) => one.removeAttribute("data-order"));
        button.dataset.order = order.way;
        update();
      });
      head.replaceChildren(button);
    });
  }

  // --- timeline: the same drawing as html_chart.py, for what is shown and the time looked at -----

  const STEPS = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400, 172800, 432000,
    864000, 1728000, 2592000, 7776000, 31536000, 157680000, 630720000];
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  function ticks([start, end]) {
    const step = STEPS.find((one) => (end - start) / one <= MAX_TICKS) ?? STEPS.at(-1);
    const marks = [];
    let last = "";
    for (let time = Math.ceil(start / step) * step; time < end; time += step) {
      const words = utc(time), x = (time - start) * 100 / (end - start);
      const date = `${Number(words.slice(8, 10))} ${MONTHS[Number(words.slice(5, 7)) - 1]}`;
      const clock = words.slice(11, step < 60 ? 19 : 16);
      if (x > LAST_TICK) continue;
      const sameYear = words.slice(0, 4) === last.slice(0, 4), sameDay = words.slice(0, 10) === last.slice(0, 10);
      const label = step < 86400 ? `${sameDay ? "" : `${date} `}${clock}` : sameYear ? date : `${date} ${words.slice(0, 4)}`;
      marks.push([x, label]);
      last = words;
    }
    return marks;
  }

  function visibleRange(between) {
    if (between === null) return whole;
    const start = Math.max(between[0], whole[0]), end = Math.min(between[1], whole[1]);
    return end > start ? [start, end] : whole;
  }

  function bins(axis) {
    const counts = new Map();
    for (const one of shown) {
      if (one.first === null || one.first < axis[0] || one.first > axis[1]) continue;
      const bin = Math.min(BINS - 1, Math.floor((one.first - axis[0]) * BINS / (axis[1] - axis[0])));
      const key = one.severity * BINS + bin;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  function spike(axis, key, count, most) {
    const severity = Math.floor(key / BINS), bin = key % BINS, lane = 4 - severity;
    const height = 6 + (LANE - 10) * Math.log1p(count) / most;
    const width = (axis[1] - axis[0]) / BINS, start = Math.floor(axis[0] + bin * width);
    const level = data.severities[severity];
    const node = svg("rect", { class: `spike s-${level}`, x: `${bin * 100 / BINS}%`, width: "0.5%",
      y: (lane + 1) * LANE - 2 - height, height });
    node.append(svg("title", {}, `${number(count)} ${level}, ${span(start, Math.floor(start + width))}`));
    return node;
  }

  function band(axis, [first, last]) {
    const place = (time) => Math.min(100, Math.max(0, (time - axis[0]) * 100 / (axis[1] - axis[0])));
    const x = place(first), width = place(last) - x;
    if (last < axis[0] || first > axis[1]) return null;
    return svg("rect", { class: "band", x: `${x}%`, width: `${Math.max(width, 0.2)}%`, y: 0, height: LANE * 5 });
  }

  function drawChart(between) {
    const axis = visibleRange(between), marks = ticks(axis), counts = bins(axis);
    const most = Math.log1p(Math.max(1, ...counts.values()));
    spikes.replaceChildren(
      ...data.bands.filter(([first, last]) => first !== null && last !== null)
        .map((one) => band(axis, one)).filter(Boolean),
      ...marks.map(([x]) => svg("line", { class: "tick", x1: `${x}%`, x2: `${x}%`, y1: 0, y2: LANE * 5 })),
      ...[1, 2, 3, 4, 5].map((lane) => svg("line", { class: "lane", x1: 0, x2: "100%", y1: lane * LANE - 1.5, y2: lane * LANE - 1.5 })),
      ...[...counts].map(([key, count]) => spike(axis, key, count, most)));
    chart.querySelector(".labels").replaceChildren(
      ...marks.map(([x, label]) => svg("text", { x: `${x}%`, dx: 4, y: 14 }, label)));
    byId("zoomed").hidden = axis === whole;
    byId("zoomed").firstElementChild.textContent = `${utc(Math.floor(axis[0]))} – ${utc(Math.floor(axis[1]))}`;
  }

  function brush() {
    let from = null, mark = null;
    const share = (event) => {
      const box = spikes.getBoundingClientRect();
      return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    spikes.addEventListener("pointerdown", (event) => {
      from = share(event);
      mark = svg("rect", { class: "brush", x: `${from * 100}%`, width: "0%", y: 0, height: LANE * 5 });
      spikes.append(mark);
      spikes.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    spikes.addEventListener("pointermove", (event) => {
      if (from === null) return;
      const to = share(event);
      mark.setAttribute("x", `${Math.min(from, to) * 100}%`);
      mark.setAttribute("width", `${Math.abs(to - from) * 100}%`);
    });
    const end = (event) => {
      if (from === null) return;
      const axis = visibleRange(range()), ends = [from, share(event)].sort((a, b) => a - b);
      from = null;
      mark.remove();
      if (event.type === "pointercancel" || ends[1] - ends[0] < 0.008) return;
      const [start, stop] = ends.map((one) => axis[0] + one * (axis[1] - axis[0]));
      byId("from").value = utc(Math.floor(start));
      byId("to").value = utc(Math.ceil(stop));
      update();
    };
    spikes.addEventListener("pointerup", end);
    spikes.addEventListener("pointercancel", end);
    byId("unzoom").addEventListener("click", () => {
      byId("from").value = byId("to").value = "";
      update();
    });
  }

  // --- jumps, printing, start ------------------------------------------------------------------

  function jump() {
    const match = /^#f(\d+)$/.exec(location.hash);
    const one = match && findings[Number(match[1])];
    if (!one) return;
    if (!shown.includes(one)) clear();
    draw(Math.ceil((shown.indexOf(one) + 1) / CHUNK) * CHUNK);
    rows.querySelectorAll(".here").forEach((old) => old.classList.remove("here"));
    const item = byId(`f${one.number}`);
    fill(item);
    item.classList.add("here");
    item.querySelector("details").open = true;
    item.scrollIntoView({ block: "start" });
  }

  let closed = [];
  window.addEventListener("beforeprint", () => {
    rows.querySelectorAll(":scope > li").forEach(fill);
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((box) => { box.open = true; });
  });
  window.addEventListener("afterprint", () => closed.forEach((box) => { box.open = false; }));

  options("stage", "any", findings.map((one) => [String(one.stage), data.stages[one.stage][1]]));
  options("server", "any", findings.map((one) => [`=${one.server}`, one.server || "(not named)"]));
  options("account", "any", findings.map((one) => [`=${one.account}`, one.account || "(none)"]));
  options("grade", "any", findings.map((one) => [one.grade, one.grade]));
  byId("levels").append(...[4, 3, 2, 1, 0].map(levelButton));
  heads();
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", (event) => { event.preventDefault(); clear(); });
  byId("filters").addEventListener("change", update);
  let wait = 0;
  byId("q").addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(update, 120); });
  byId("more").addEventListener("click", () => draw(drawn + CHUNK));
  new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && drawn > CHUNK
    && draw(drawn + CHUNK), { rootMargin: "600px" }).observe(byId("more"));
  document.querySelectorAll(".js").forEach((one) => { one.hidden = one.id === "zoomed"; });
  if (chart) brush();
  update();
  window.addEventListener("hashchange", jump);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#f"]');
    if (link && link.hash === location.hash) jump();
  });
  jump();
})();
