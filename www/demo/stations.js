// Facts in, plain words out: what each station says. A station claims only what was read; nothing here touches the page.
//
// A view is `{state, words, values}`: the state of the station, its sentences, and its values as [name, value] pairs,
// where an empty value is shown as empty.

const view = (state, words, values = []) => ({ state, words: [words].flat().filter(Boolean), values });

/** Every station in the order of the line. */
export function stationsOf(facts) {
  return {
    click: click(facts),
    consent: consent(facts),
    kept: kept(facts),
    filled: filled(facts),
    stored: stored(facts),
    closed: closed(facts),
    csv: csv(facts),
  };
}

/** One sentence for the whole line: where it stands, and what to do next. */
export function summaryOf(facts) {
  const states = stationsOf(facts);
  if (facts.scriptFailed) return "The script tag.js did not load, so nothing can happen here. The form still works.";
  if (isRefused(facts)) {
    return holdsNothing(facts)
      ? "You refused: nothing on your device, fields empty, nothing sent."
      : "You refused, but something of an earlier agreement is still here. Look at the stations below.";
  }
  if (isSameClick(facts)) return "The line is complete. The ad click from the address stands in the file that Google fetches.";
  if (states.csv.state === "done") return "The deal stands in the file that Google fetches.";
  if (states.closed.state === "done") return "The deal is reported. The file is next.";
  if (states.stored.state === "done") return "The lead is stored. Weeks later somebody signs: close the deal below.";
  if (states.stored.state === "refused") return "The lead was not stored. The station below says why.";
  if (facts.consent === "granted") {
    return states.click.state === "done" ? "You agreed. The form is ready: send it." : "You agreed, but no ad click is known. Land here from an ad.";
  }
  if (states.click.state === "waiting") return "You came without an ad click. Land here from an ad to see the line at work.";
  return "You came from an ad. Answer the question about cookies, yes or no.";
}

function isRefused({ banner, consent: heard }) {
  return heard === "denied" || banner === "refused";
}

function holdsNothing({ cookie, storage, fields, requests }) {
  return cookie === null && storage === null && !fields.some(({ filled }) => filled) && requests.leads === 0;
}

function click({ address, visit, cookie, storage }) {
  const seen = [...address.ids, ...address.campaign];
  if (address.ids.length > 0) {
    const isKept = cookie !== null || storage !== null;
    return view("done", isKept
      ? "The ad put this into the page's address."
      : "The ad put this into the page's address. No cookie and no localStorage key of Throughline holds it.", seen);
  }
  const remembered = Object.values(visit?.clicks ?? {}).flatMap(({ ids }) => Object.entries(ids ?? {}));
  if (remembered.length > 0) {
    return view("done", "This address carries no click id. The script remembers one from an earlier landing.", remembered);
  }
  return view("waiting", "No click id in this page's address.", seen);
}

function consent({ banner, consent: heard }) {
  if (heard === "granted" && banner !== "refused") return view("done", "Granted. The script heard your yes.");
  if (heard === "denied") return view("refused", "Refused. The script heard your no.");
  if (banner === "refused") return view("refused", "Refused. You said no to the banner.");
  if (banner === "granted") return view("waiting", "You said yes. The script has not answered yet.");
  return view("waiting", "Pending. No answer yet, and no answer counts as no.");
}

function kept(facts) {
  const { cookie, storage } = facts;
  if (cookie !== null && cookie === storage) {
    return view("done", "A first-party cookie and a localStorage key, both called throughline, hold the same text.", [["both", cookie]]);
  }
  if (cookie !== null || storage !== null) {
    return view("done", "Kept under the name throughline, as far as this browser lets the page look:",
      [["cookie", cookie ?? ""], ["localStorage", storage ?? ""]]);
  }
  if (isRefused(facts)) {
    return view("refused", "Nothing kept: no cookie and no localStorage key of Throughline. (The banner keeps your answer in its own cookie.)");
  }
  return view("waiting", "Nothing kept: no cookie, no localStorage key.");
}

function filled(facts) {
  const values = facts.fields.map(({ name, value }) => [name, value]);
  const count = facts.fields.filter((field) => field.filled).length;
  if (count > 0) return view("done", `${count} of ${values.length} hidden fields carry a value.`, values);
  const template = facts.fields.some((field) => field.template)
    ? "The text in square brackets is the form's own template; a CRM gets an empty value instead."
    : "";
  const empty = "Fields empty: no hidden field carries a value.";
  return view(isRefused(facts) ? "refused" : "waiting", [empty, template], values);
}

function stored(facts) {
  const { lead, sent, requests } = facts;
  if (lead && (lead.state === "stored" || lead.state === "repeated")) {
    return view("done", lead.state === "stored"
      ? "The collector answered that the lead is in its database."
      : "The collector answered that it already had this lead.", [["lead_id", lead.lead_id], ["state", lead.state]]);
  }
  if (lead) {
    const isWaiting = lead.state === "waiting";
    const why = isWaiting
      ? "The collector has not taken the lead yet. It waits in this browser and is sent again."
      : "The collector refused the lead.";
    return view(isWaiting ? "waiting" : "refused", [why, "The visitor's form is not held up by it."],
      [["lead_id", lead.lead_id ?? ""], ["state", lead.state], ["code", lead.code ?? ""]]);
  }
  if (isRefused(facts) && requests.leads === 0) {
    return view("refused", [
      sent && "You sent the form, and its fields carried nothing of the ad.",
      "Nothing sent: the browser lists no request to the collector's lead door.",
    ]);
  }
  if (sent) return view("waiting", "The form was sent. No word about a lead yet.");
  return view("waiting", "The form has not been sent.");
}

function closed(facts) {
  const { lead, deal } = facts;
  if (!deal) {
    if (isRefused(facts) && !lead) return view("refused", "No lead, so there is no deal to report.");
    return view("waiting", lead ? "The sale happens in your CRM, not on this page. Press the button to report it." : "Comes after the lead.");
  }
  if (deal.pending) return view("waiting", "Reporting the deal.");
  const { outcome, row, status } = deal;
  const values = [["outcome_id", outcome.outcome_id], ["occurred_at", outcome.occurred_at], ["value", `${outcome.value} ${outcome.currency}`]];
  if (row.result === "accepted" || row.result === "repeated") {
    const match = row.match === "matched" ? "and matched it to the lead" : "and waits for its lead";
    const took = row.result === "accepted" ? "took the outcome" : "already had the outcome";
    return view("done", `The collector ${took} ${match}.`, values);
  }
  return view("refused", [whyNot(status), row.advice ?? row.detail ?? row.title ?? ""],
    [...values, ["HTTP status", String(status)], ["code", row.code ?? ""]]);
}

function csv(facts) {
  const { file, deal, lead } = facts;
  if (!file) {
    return isRefused(facts) && !lead && !deal
      ? view("refused", "Nothing from this page can be in it: no lead, no deal.")
      : view("waiting", "Comes after the deal.");
  }
  if (file.pending) return view("waiting", "Fetching the file as Google does, with user name and password.");
  if (file.status !== 200) return view("refused", whyNot(file.status), [["HTTP status", String(file.status)]]);
  if (!file.row) {
    return view("waiting", "The file came, and this deal is not in it. The collector counts what it left out, by reason:",
      [["left out", file.leftOut]]);
  }
  return view("done", isSameClick(facts)
    ? "The click id in this row is the one from the address, byte for byte."
    : "This deal is in the file.", file.row.cells.filter(([name]) => name !== "Google Click ID"));
}

/** Whether the click id in the file's row is the very one in this page's address. */
function isSameClick({ file, address }) {
  const inFile = file?.row?.cells.find(([name]) => name === "Google Click ID")?.[1];
  return Boolean(inFile) && address.ids.some(([name, value]) => name === "gclid" && value === inFile);
}

function whyNot(status) {
  if (status === 0) return "The collector did not answer.";
  if (status === 401) return "The collector did not accept the key or password. Type the ones of this deployment and try again.";
  if (status === 404) return "This deployment has no such address.";
  return "The collector refused it.";
}
