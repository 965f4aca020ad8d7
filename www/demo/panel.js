// Draws the panel. Every value from outside becomes text, never markup.

// About what fits on one line of the panel; a longer value is an id or an encoded record.
const LINE_CHARS = 32;

const drawn = new Map();

/** Draws every station whose view changed, so that a reader's selection and focus survive. */
export function drawStations(views) {
  const advanced = [];
  for (const [name, view] of Object.entries(views)) {
    if (unchanged(name, view)) continue;
    const station = document.querySelector(`[data-station="${name}"]`);
    if (station.dataset.state !== view.state) advanced.push(station);
    station.dataset.state = view.state;
    const badge = element("span", "badge", view.state);
    const sentences = view.words.map((words) => element("p", "", words));
    station.querySelector(".station-body").replaceChildren(badge, ...sentences, ...valueList(view.values));
  }
  if (advanced.length > 0) bringIntoSight(advanced[0]);
}

/** Scrolls the panel to the station that moved on. Where the panel is part of the page, the page stays where it is. */
function bringIntoSight(station) {
  const panel = document.getElementById("panel");
  if (getComputedStyle(panel).overflowY !== "auto") return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const header = panel.querySelector(".panel-header").offsetHeight;
  const top = station.dataset.station === "click" ? 0 : station.offsetTop - header - 16;
  panel.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
}

/** The one sentence on top. */
export function drawSummary(text) {
  if (!unchanged("summary", text)) document.getElementById("panel-summary").textContent = text;
}

/** What `throughline.explain()` answers. */
export function drawOwnWords(sentences) {
  if (unchanged("own-words", sentences)) return;
  const box = document.getElementById("own-words");
  box.hidden = sentences.length === 0;
  box.querySelector("ul").replaceChildren(...sentences.map((text) => element("li", "", text)));
}

/** The raw row of the file with the click id marked; without a row the box is hidden. */
export function drawRow(row) {
  if (unchanged("row", row)) return;
  const box = document.getElementById("csv-row");
  box.hidden = !row;
  box.replaceChildren();
  if (!row) return;
  const clickId = Object.fromEntries(row.cells)["Google Click ID"];
  const at = clickId ? row.raw.indexOf(clickId) : -1;
  if (at < 0) box.append(row.raw);
  else box.append(row.raw.slice(0, at), element("mark", "", clickId), row.raw.slice(at + clickId.length));
}

function valueList(values) {
  if (values.length === 0) return [];
  const list = element("dl", "values");
  for (const [name, value] of values) {
    const shown = value === "" ? element("dd", "empty", "empty") : element("dd");
    if (value !== "") shown.append(element("code", value.length > LINE_CHARS ? "id" : "", value));
    list.append(element("dt", "", name), shown);
  }
  return [list];
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function unchanged(name, content) {
  const text = JSON.stringify(content);
  if (drawn.get(name) === text) return true;
  drawn.set(name, text);
  return false;
}
