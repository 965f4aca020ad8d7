// Sends leads again that the collector has not answered, until it answers. The page script keeps each of them in
// localStorage under a key of its own before the first try, so that tabs never write one list, and comes here when a try
// has failed or when it finds such a key. Two tabs may send one lead: the collector knows it by its lead_id.

const KEY = "throughline.lead.";
// Until when the collector asked to be left alone, for every tab and for the next page.
const RETRY_AT = "throughline.retry_at";

// A visitor who has been away for a week is told of by other means, and nobody's device is our archive.
const AGE_MS_MAX = 7 * 24 * 60 * 60 * 1000;
const LEADS_MAX = 50;
const BYTES_MAX = 256 * 1024;
// Full jitter, so that the visitors of a site whose collector was away do not all come back at once
// (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
const PAUSE_MS_FIRST = 1000;
const PAUSE_MS_MAX = 60 * 1000;
// A collector may ask for more patience than that, but a mistake of its own must not silence a site for a day.
const RETRY_AFTER_MS_MAX = 300 * 1000;
// After this long no answer will come.
const ANSWER_MS_MAX = 30 * 1000;
// Answers that stay the same however often one asks. 409 says that another lead of this lead_id was stored and stays.
const FINAL = [400, 401, 403, 404, 405, 409, 410, 413, 415, 422];
// Answers that every other lead would get now too.
const BUSY = [429, 503];

// The page may forbid every look at its storage; then leads wait in memory, as long as the page lives (`host.memory`, with
// the same keys).
function attempt(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
const kept = (key) => attempt(() => localStorage.getItem(key));

// When a lead was submitted, in milliseconds; 0 where the text is none of ours.
const momentOf = (text) => attempt(() => Date.parse(JSON.parse(text).submitted_at)) || 0;

function tell(leadId, state, code) {
  document.dispatchEvent(new CustomEvent("throughline:lead", { detail: { lead_id: leadId, state, code } }));
}

// `leadId` and `response` are those of a try that failed; without a response no answer came. The promise brings as `refused`
// what the collector calls the reason, if it has refused the lead for good. There is one queue for each page, also where
// this file is there twice, because it could not be fetched at first.
export async function queue(host, leadId, response) {
  host.queue = host.queue || start(host);
  return leadId ? host.queue.failed(leadId, response) : host.queue.send();
}

function start(host) {
  const { memory } = host;
  const url = host.tag.collector + "v1/leads";
  let timer, sending, isBusy = false, failures = 0, retryAt_ms = 0;

  const isGranted = () => host.state().split("\x01")[0] === "granted";
  const textOf = (leadId) => kept(KEY + leadId) || memory[KEY + leadId];

  function drop(leadId) {
    delete memory[KEY + leadId];
    attempt(() => localStorage.removeItem(KEY + leadId));
  }

  // The lead_ids of everything that waits, the oldest first. What is too old or too much is dropped, and the page is told.
  function waiting() {
    const keys = [attempt(() => localStorage) || {}, memory].flatMap(Object.keys).filter((key) => key.startsWith(KEY));
    const ids = keys.map((key) => key.slice(KEY.length));
    const leads = ids.map((leadId) => ({ leadId, text: textOf(leadId), at: momentOf(textOf(leadId)) }));
    leads.sort((one, other) => other.at - one.at);
    let count = 0, bytes = 0;
    const left = leads.filter(({ leadId, text, at }) => {
      // A clock that runs ahead makes a lead no younger. What is too old takes nobody's place.
      const isOld = Math.abs(Date.now() - at) > AGE_MS_MAX;
      if (!isOld) {
        count += 1;
        bytes += new Blob([text]).size;
        if (count <= LEADS_MAX && bytes <= BYTES_MAX) return true;
      }
      drop(leadId);
      tell(leadId, "dropped", isOld ? "too_old" : "too_many");
      return false;
    });
    return left.map(({ leadId }) => leadId).reverse();
  }

  // How long the collector wants to be left alone, in milliseconds. What lies further ahead another clock has written.
  function patience() {
    const left_ms = Math.max(retryAt_ms, +kept(RETRY_AT) || 0) - Date.now();
    return left_ms > 0 && left_ms <= RETRY_AFTER_MS_MAX ? left_ms : 0;
  }

  // Seconds, or a date (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3).
  function bePatient(header) {
    const asked_ms = header * 1000 || Date.parse(header) - Date.now();
    if (!(asked_ms > 0)) return;
    retryAt_ms = Date.now() + Math.min(asked_ms, RETRY_AFTER_MS_MAX);
    attempt(() => localStorage.setItem(RETRY_AT, retryAt_ms));
  }

  // What all requests that outlive a page hold together is bounded, and other scripts use it too; then a request that
  // does not outlive it is better than none (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch). Brings nothing
  // where no answer came.
  function ask(body) {
    const signal = AbortSignal.timeout && AbortSignal.timeout(ANSWER_MS_MAX);
    const post = (keepalive) =>
      fetch(url, { method: "POST", body, credentials: "omit", keepalive, referrerPolicy: "strict-origin", signal });
    return post(true)
      .catch((error) => (error.name === "TypeError" && isGranted() ? post(false) : undefined))
      .catch(() => undefined);
  }

  // Takes in what the collector said, or that it said nothing.
  async function hear(leadId, response) {
    const { status = 0, ok } = response || {};
    if (ok) {
      drop(leadId);
      tell(leadId, status === 201 ? "stored" : "repeated");
      return {};
    }
    // What reading it fails with may have a `code` of its own.
    const { code = status || "" } = response ? await response.json().catch(() => ({})) : {};
    if (FINAL.includes(status)) {
      drop(leadId);
      tell(leadId, "refused", String(code));
      return { refused: String(code) };
    }
    if (response) bePatient(response.headers.get("Retry-After"));
    return { waits: String(code), isBusy: !status || BUSY.includes(status) || patience() > 0 };
  }

  async function round() {
    for (const leadId of waiting()) {
      const text = isGranted() && textOf(leadId);
      // Withdrawn meanwhile, or sent by another tab.
      if (!text) continue;
      sending = leadId;
      // One lead that the collector cannot digest does not hold up the others.
      if ((await hear(leadId, await ask(text))).isBusy) break;
    }
    sending = undefined;
  }

  async function send() {
    if (isBusy || !isGranted()) return;
    isBusy = true;
    try {
      if (!patience()) await round();
    } finally {
      isBusy = false;
    }
    failures += 1;
    if (isGranted()) sendLater();
  }

  function sendLater() {
    clearTimeout(timer);
    if (!waiting().length) {
      failures = 0;
      attempt(() => localStorage.removeItem(RETRY_AT));
      return;
    }
    const asked_ms = patience();
    const pause_ms = asked_ms ? PAUSE_MS_FIRST : Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST * 2 ** failures);
    timer = setTimeout(send, asked_ms + Math.random() * pause_ms);
  }

  // The way to the collector may be free again.
  function wake() {
    failures = 0;
    send();
  }
  addEventListener("online", wake);
  document.addEventListener("visibilitychange", () => document.hidden || wake());
  // The visitor may never come back. Nobody hears an answer to what is sent now, so it stays where it is.
  addEventListener("pagehide", () => {
    if (!isGranted() || patience()) return;
    const others = waiting().filter((leadId) => leadId !== sending);
    others.every((leadId) => attempt(() => navigator.sendBeacon(url, textOf(leadId))));
  });

  return {
    send,
    async failed(leadId, response) {
      const end = await hear(leadId, response);
      if (end.waits !== undefined && textOf(leadId)) tell(leadId, "waiting", end.waits);
      if (!isBusy && isGranted()) sendLater();
      return end;
    },
  };
}
