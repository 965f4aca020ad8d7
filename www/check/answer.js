// Draws what the worker answers. Everything is text: what stands in somebody's file is never read as markup.

const NUMBER = new Intl.NumberFormat("en");
const WORDS = { fine: "fine", refused: "refused", later: "later", doubtful: "doubtful" };

const count = (number, one, more) => `${NUMBER.format(number)} ${number === 1 ? one : more}`;

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { data = {}, ...rest } = properties;
  Object.assign(made, rest);
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

const chip = (weight) => element("span", { className: "chip", data: { weight } }, WORDS[weight]);

// ---- click ids ----

export function summaryOfIds(ids) {
  if (ids.length === 0) return "No click id stands in this address.";
  if (ids.length === 2 && ids[0].id === ids[1].id) {
    return "This is a whole wbraid, or a gclid that lost its end: the name of the field that it comes from tells.";
  }
  const wrong = ids.filter((id) => id.problem).length;
  const found = count(ids.length, "click id", "click ids");
  if (wrong === 0) return `${found}: nothing wrong was found.`;
  return `${found}: something is wrong with ${ids.length === 1 ? "it" : NUMBER.format(wrong)}.`;
}

export const drawIds = (ids) => ids.map(drawId);

function drawId({ parameter, id, problem, clicked }) {
  const said = problem ? problem.advice : "It is whole, as far as an id tells.";
  const drawn = element("div", { className: "one-id", data: { parameter } });
  drawn.append(element("h3", {}, element("code", {}, parameter), chip(problem ? problem.weight : "fine")));
  drawn.append(element("p", { className: "said" }, said));
  if (id) drawn.append(element("p", {}, element("code", {}, id)));
  if (clicked) drawn.append(element("p", { className: "when" }, sentenceOfClick(clicked)));
  return drawn;
}

function sentenceOfClick({ at, is_day: isDay, taken_until: until }) {
  const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "America/Los_Angeles" });
  const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "medium", timeZone: "UTC" });
  const clicked = isDay
    ? `Clicked on ${day.format(new Date(at))}, by the clocks of Los Angeles`
    : `Clicked on ${moment.format(new Date(at))} UTC`;
  return `${clicked}. Google takes its conversions until ${isDay ? "about " : ""}${day.format(new Date(until))}.`;
}

// ---- files ----

export function summaryOfFile(name, { kind, rows, fine, findings, counts }) {
  const lines = rows === 0 ? "no rows" : count(rows, "row", "rows");
  const start = `${name}: ${kind}, ${lines}.`;
  if (counts.length === 0) return `${start} Nothing wrong was found.`;
  const whole = findings.filter((finding) => finding.line === 0).length;
  const about = whole ? ` ${count(whole, "finding is", "findings are")} about the file as a whole.` : "";
  return rows === 0 ? start + about : `${start} ${NUMBER.format(fine)} fine.${about}`;
}

export function drawNothing({ code }) {
  return element("p", { className: "found-more" }, "Reason: ", element("code", {}, code));
}

export function drawFile(report) {
  const parts = [drawTiles(report)];
  if (report.counts.length) parts.push(element("h3", { id: "reasons" }, "By reason"), drawReasons(report.counts));
  if (report.findings.length) parts.push(element("h3", { id: "places" }, "Line by line"), drawPlaces(report.findings));
  if (report.findings_not_listed) {
    const listed = count(report.findings.length, "finding", "findings");
    const more = count(report.findings_not_listed, "further one is", "further ones are");
    parts.push(
      element("p", { className: "found-more", id: "not-listed" }, `These are the first ${listed}; ${more} counted above and not listed here.`),
    );
  }
  return parts;
}

function drawTiles(report) {
  const tiles = element("dl", { className: "tiles" });
  for (const weight of ["fine", "refused", "later", "doubtful"]) {
    const rows = report[weight];
    if (rows === 0 && weight === "later") continue;
    tiles.append(
      element("div", { className: "tile" }, element("dt", {}, chip(weight)), element("dd", { data: { rows: weight } }, NUMBER.format(rows))),
    );
  }
  return tiles;
}

function drawReasons(counts) {
  const rows = counts.map(({ weight, code, advice, findings }) => [
    { className: "weight", content: chip(weight) },
    { className: "number", content: NUMBER.format(findings), column: "Found" },
    { className: "advice", content: advice, data: { code } },
  ]);
  return drawTable("reasons", ["", "Found", "Why, and what to do"], rows);
}

function drawPlaces(findings) {
  const rows = findings.map(({ line, column, cell, weight, code, advice }) => [
    { className: "number", content: line ? NUMBER.format(line) : "file", column: "Line" },
    { className: "weight", content: chip(weight) },
    { className: "column", content: column || "whole line", column: "Column" },
    { className: "cell", content: cell ? element("code", {}, cell) : "", column: cell ? "There" : undefined },
    { className: "advice", content: advice, data: { code } },
  ]);
  return drawTable("places", ["Line", "", "Column", "What stands there", "Why, and what to do"], rows);
}

// A frame that scrolls is reached by the keyboard, and has a name.
function drawTable(labelledBy, heads, rows) {
  const head = element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name || hidden("How sure"))));
  const drawn = rows.map((cells) => {
    const made = cells.map(({ className, content, column, data = {} }) => {
      const named = column ? { ...data, column } : data;
      return element("td", { className, data: named }, content);
    });
    return element("tr", {}, ...made);
  });
  const table = element("table", { className: "found" }, element("thead", {}, head), element("tbody", {}, ...drawn));
  const frame = element("div", { className: "table-frame", tabIndex: 0 }, table);
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-labelledby", labelledBy);
  return frame;
}

const hidden = (words) => element("span", { className: "unseen" }, words);
