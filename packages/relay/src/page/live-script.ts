/**
 * The script of the page of exposures, the only one. Texts of events become text alone. What it shows is bounded: twenty rows
 * a second at most arrive, and the last hundred stay.
 */
export const LIVE_SCRIPT = `
const MAX_ROWS = 100;
const element = (id) => document.getElementById(id);
const [rows, counts, state, pause] = ["rows", "counts", "state", "pause"].map(element);
const totals = new Map();
let others = 0;
let isPaused = false;

const cell = (text, name = "td") => {
  const made = document.createElement(name);
  const shown = document.createElement("bdi");
  shown.textContent = text;
  made.append(shown);
  return made;
};
const row = (...cells) => {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
};
const variationOf = ({ variation }) => variation ?? "none";

const showCounts = () => {
  const sorted = [...totals.values()].sort((a, b) => b.count - a.count).slice(0, MAX_ROWS);
  const shown = sorted.map((it) => row(cell(it.flagKey), cell(variationOf(it)), cell(it.count)));
  if (others > 0) shown.push(row(cell("others"), cell(""), cell(others)));
  counts.replaceChildren(...shown);
};

const source = new EventSource(state.dataset.events);
source.onopen = () => { state.textContent = "Connected."; };
source.onerror = () => { state.textContent = "Connection lost. Reconnecting…"; };
source.onmessage = ({ data }) => {
  const tick = JSON.parse(data);
  others += tick.others;
  for (const it of tick.counts) {
    const name = JSON.stringify([it.flagKey, it.variation]);
    totals.set(name, { ...it, count: it.count + (totals.get(name)?.count ?? 0) });
  }
  if (isPaused) return;
  showCounts();
  for (const it of tick.shown) {
    const time = new Date(it.atMs).toISOString().slice(11, 23);
    rows.prepend(row(cell(time), cell(it.flagKey), cell(variationOf(it))));
  }
  while (rows.children.length > MAX_ROWS) rows.lastElementChild.remove();
};

pause.hidden = false;
pause.onclick = () => {
  isPaused = !isPaused;
  pause.textContent = isPaused ? "Resume" : "Pause";
  pause.setAttribute("aria-pressed", String(isPaused));
  if (!isPaused) showCounts();
};
`;
