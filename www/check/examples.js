// What a person tries who has no file at hand. The ids are made up: they have the shape of real ones, and no click behind
// them.

const DAY_MS = 86_400_000;
const SHAPE = "EAIaIQobChMIwK-LrI-CmAMVDHJCGR002_BIEAAYCCAAEgJ1PvD_BwE";
// Where the eight bytes of its microseconds stand.
const MOMENT_AT = 9;

// An id that tells of a click at this moment, so that the example is not too old tomorrow.
function idOfClick(ms) {
  const bytes = Uint8Array.from(atob(SHAPE.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  let left = BigInt(ms) * 1_000n;
  for (let place = 0; place < 8; place++) {
    bytes[MOMENT_AT + place] = Number(left & 127n) | (place < 7 ? 128 : 0);
    left >>= 7n;
  }
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// As a field of 50 characters leaves it.
export const exampleId = (now) => idOfClick(now - 5 * DAY_MS).slice(0, 50);

// A file of click conversions for Google, with a mistake in every line but the first.
export function exampleFile(now) {
  const id = idOfClick(now - 5 * DAY_MS);
  const ago = (days) => new Date(now - days * DAY_MS).toISOString().slice(0, 19).replace("T", " ");
  const rows = [
    [id, "Closed deal", ago(3) + "+0000", "1250.00", "EUR", "deal-1001", "Granted"],
    ["{gclid}", "Closed deal", ago(3) + "+0000", "80.50", "EUR", "deal-1002", "Granted"],
    [id.slice(0, 50), "Closed deal", ago(2) + "+0000", "", "", "deal-1003", ""],
    ["1.23457E+15", "Closed deal", ago(2) + "+0000", "", "", "deal-1004", ""],
    [id.toLowerCase(), "Closed deal", ago(1) + "+00:00", '"1,250.00"', "EUR", "deal-1005", "Granted"],
    [id, "Closed deal", "20.11.2026 14:05", "99.00", "Euro", "ann@example.com", "yes"],
    [id, "Closed deal", ago(120) + "+0000", "99.00", "EUR", "deal-1007", "Granted"],
    [id, "", ago(-2) + "+0000", "-5", "EUR", "deal-1008", "Denied"],
  ];
  const header = "Google Click ID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency,Order ID,Ad User Data";
  const lines = [header, ...rows.map((row) => row.join(","))];
  return new File([lines.join("\n") + "\n"], "example.csv", { type: "text/csv" });
}
