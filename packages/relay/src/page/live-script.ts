/**
 * The script of the page of exposures, the only one. Texts of events become text alone. What it shows is bounded: twenty rows
 * a second at most arrive, and the last hundred stay.
 */
export const LIVE_SCRIPT = `
const MAX_ROWS = 100;
const CONNECTED = "Connected.";
const element = (id) => document.getElementById(id);
const [rows, counts, state, pause] = ["rows", "counts", "state", "pause"].map(element);
const totals = new Map();
let others = 0;
let isPaused = false;
let missed = 0;
let connection = "Connecting…";

const cell = (text, label) => {
  const made = document.createElement("td");
  const shown = document.createElement("bdi");
  shown.textContent = text;
  made.append(shown);
  if (label !== undefined) made.dataset.label = label;
  return made;
};
const row = (...cells) => {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
};
const variationOf = ({ variation }) => variation ?? "none";

const showState = () => {
  const count = missed === 1 ? "1 exposure" : missed + " exposures";
  const paused = "Paused. " + count + " since then " + (missed === 1 ? "was" : "were") + " counted but not listed.";
  const lost = connection === CONNECTED ? "" : " " + connection;
  state.textContent = isPaused ? paused + lost : connection;
};

const showCounts = () => {
  const flags = new Map();
  for (const { count, flagKey } of totals.values()) flags.set(flagKey, count + (flags.get(flagKey) ?? 0));
  const all = (it) => flags.get(it.flagKey);
  const order = (a, b) => all(b) - all(a) || (a.flagKey < b.flagKey ? -1 : a.flagKey > b.flagKey ? 1 : b.count - a.count);
  const share = (it) => (100 * it.count / all(it)).toFixed(1).replace(/\\.0$/, "") + "%";
  const sorted = [...totals.values()].sort(order).slice(0, MAX_ROWS);
  const shown = sorted.map((it) => row(cell(it.flagKey), cell(variationOf(it)), cell(it.count, "Exposures"), cell(share(it), "Share")));
  if (others > 0) shown.push(row(cell("others"), cell(""), cell(others, "Exposures"), cell("")));
  counts.replaceChildren(...shown);
};

const source = new EventSource(state.dataset.events);
source.onopen = () => { connection = CONNECTED; showState(); };
source.onerror = () => { connection = "Connection lost. Reconnecting…"; showState(); };
source.onmessage = ({ data }) => {
  const tick = JSON.parse(data);
  others += tick.others;
  for (const it of tick.counts) {
    const name = JSON.stringify([it.flagKey, it.variation]);
    totals.set(name, { ...it, count: it.count + (totals.get(name)?.count ?? 0) });
  }
  if (isPaused) {
    missed += tick.counts.reduce((sum, { count }) => sum + count, tick.others);
    showState();
    return;
  }
  showCounts();
  for (const it of tick.shown) {
    const time = new Date(it.atMs).toISOString().slice(11, 19) + "Z";
    rows.prepend(row(cell(time), cell(it.flagKey), cell(variationOf(it))));
  }
  while (rows.children.length > MAX_ROWS) rows.lastElementChild.remove();
};

pause.hidden = false;
pause.onclick = () => {
  isPaused = !isPaused;
  pause.textContent = isPaused ? "Resume" : "Pause";
  pause.setAttribute("aria-pressed", String(isPaused));
  missed = 0;
  showState();
  if (!isPaused) showCounts();
};
`;
