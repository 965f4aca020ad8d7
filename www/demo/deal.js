// What the advertiser's own systems do after the lead: the CRM reports the won deal, Google fetches the file.

const DEAL = { kind: "won", value: "1250.00", currency: "EUR" };

/** A moment as local time with its offset, such as `2026-11-23T15:04:05.678+01:00`. */
export function localTime(moment) {
  const offsetMinutes = -moment.getTimezoneOffset();
  const local = new Date(moment.getTime() + offsetMinutes * 60_000).toISOString().slice(0, -1);
  const two = (number) => String(number).padStart(2, "0");
  const distance = Math.abs(offsetMinutes);
  return `${local}${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
}

/** The outcome of a lead. The same lead always gives the same `outcome_id`, so that a second press counts once. */
export function outcomeOf(leadId, moment) {
  return { outcome_id: `deal-${leadId}`, lead_id: leadId, ...DEAL, occurred_at: localTime(moment) };
}

/** Reports the outcome as a CRM would, and gives back the HTTP status and the answer of the one row. */
export async function report(outcome, key) {
  try {
    const answer = await fetch("../v1/outcomes", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
      body: JSON.stringify(outcome),
    });
    const body = await answer.json().catch(() => ({}));
    // A refusal of the whole request is one problem document; otherwise each row has its own result.
    return { status: answer.status, row: body.rows?.[0] ?? body };
  } catch {
    return { status: 0, row: {} };
  }
}

/** Fetches the file as Google does, with user name and password. The collector counts by reason what it left out. */
export async function fetchFile(user, password) {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  const credentials = btoa(String.fromCharCode(...bytes));
  try {
    const answer = await fetch("../feeds/google-demo/conversions.csv", {
      headers: { Authorization: `Basic ${credentials}` },
      cache: "no-store",
    });
    const leftOut = answer.headers.get("Throughline-Left-Out") ?? "";
    return { status: answer.status, text: answer.ok ? await answer.text() : "", leftOut };
  } catch {
    return { status: 0, text: "", leftOut: "" };
  }
}

/** The row that carries this outcome: its cells by column name and its raw text; `null` if the file lacks it. */
export function rowOf(text, outcomeId) {
  const rows = text.split(/\r?\n/).map((raw) => ({ raw, cells: cellsOf(raw) }));
  const header = rows.find(({ cells }) => cells.includes("Google Click ID"));
  const row = rows.find(({ cells }) => cells.includes(outcomeId));
  if (!header || !row) return null;
  return { raw: row.raw, cells: header.cells.map((name, column) => [name, row.cells[column] ?? ""]) };
}

/** Splits one CSV line by the quoting rules of RFC 4180. The dialect has no line breaks inside a cell. */
function cellsOf(line) {
  const cells = [];
  const cell = /("(?:[^"]|"")*"|[^,]*)(,|$)/g;
  for (const [, text, end] of line.matchAll(cell)) {
    cells.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
    if (end === "") break;
  }
  return cells;
}
