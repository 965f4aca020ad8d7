// The collector's job for one lead, hand-written in JavaScript with Hono, to measure the Rust one beside it. It does what
// the Rust does for a lead that is stored, with the same statements where they do not depend on how the site is known: no
// more, and a little less, for it computes no channel and suspects nobody.
//
// It reads the site before the lead is stored, in a call of its own, as one would write it. Where the variable SITES is
// `remembered` it does as the Rust does: it judges by the site as it was last read, and has the store check in the lead's
// own call that it still is so.

import { Hono } from "hono";
import ARRIVAL from "../../crates/collector/src/store/queries/insert_lead_arrival.sql";
import MATCH from "../../crates/collector/src/store/queries/match_outcomes.sql";
import END_WAIT from "../../crates/collector/src/store/queries/end_wait_of_outcomes.sql";

const BODY_BYTES_MAX = 32 * 1024;
const TOUCHES_MAX = 12;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PAID = new Set(["gclid", "gbraid", "wbraid", "dclid", "msclkid", "ttclid", "twclid", "li_fat_id", "epik", "rdt_cid"]);
const ANSWERS = new Set(["granted", "denied"]);

const UNLESS_ERASED = `INSERT INTO leads (site, lead_id, received_at_ms, first_click_at_ms, lead, content_sha256, user_agent)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
  WHERE NOT EXISTS (SELECT 1 FROM tombstones WHERE tombstones.site = ?1 AND tombstones.lead_sha256 = ?8)`;
const ONCE = "ON CONFLICT (site, lead_id) DO NOTHING RETURNING lead_id";
const INSERT = `${UNLESS_ERASED} ${ONCE}`;
const INSERT_IF_SITE = `${UNLESS_ERASED}
  AND EXISTS (SELECT 1 FROM sites WHERE site = ?1 AND origins = ?9 AND daily_budget IS ?10) ${ONCE}`;

const sites = new Map();

const app = new Hono();

// One line of the log for each request, as the Rust writes one.
app.use(async (c, next) => {
  const requestId = hexOf(crypto.getRandomValues(new Uint8Array(7)));
  await next();
  c.res.headers.set("X-Request-Id", requestId);
  console.log(JSON.stringify({ request_id: requestId, method: c.req.method, route: "v1/leads", status: c.res.status }));
});

app.post("/throughline/v1/leads", async (c) => {
  const origin = c.req.header("Origin") ?? "";
  const refuse = (status, code) => cors(c.json({ code, status }, status), origin, false);
  const type = (c.req.header("Content-Type") ?? "").split(";")[0].trim().toLowerCase();
  if (type !== "text/plain" && type !== "application/json") return refuse(415, "media_type");
  if (Number(c.req.header("Content-Length") ?? 0) > BODY_BYTES_MAX) return refuse(413, "too_large");
  let body;
  try {
    body = JSON.parse(await c.req.text());
  } catch {
    return refuse(400, "malformed_json");
  }
  const remembers = c.env.SITES === "remembered";
  const known = remembers && sites.get(body.site);
  if (known && allows(known, origin)) {
    const answered = await keep(c, body, known);
    if (answered) return answered;
  }
  const read = await c.env.DB.prepare("SELECT site, origins, daily_budget FROM sites WHERE site = ?1").bind(String(body.site)).all();
  const site = read.results[0];
  if (!site) return refuse(404, "site_unknown");
  if (!allows(site, origin)) return refuse(403, "origin_not_allowed");
  if (remembers) sites.set(site.site, site);
  return (await keep(c, body, site)) ?? refuse(503, "storage_unavailable");

  /** The answer, or null where the site is no longer what it was when it was read. */
  async function keep(c, body, site) {
    const lead = check(body);
    if (!lead) return refuse(422, "field_invalid");
    if (lead.consent.ad_storage !== "granted") return refuse(403, "consent_missing");

    const text = JSON.stringify(lead);
    const sha256 = await hex(text);
    const now = Date.now();
    const finders = [];
    for (const touch of lead.touches) {
      for (const [name, id] of Object.entries(touch.ids)) if (!name.startsWith("gad_")) finders.push((await hex(`${name}:${id}`)).slice(0, 16));
    }
    const clicks = lead.touches.filter((touch) => Object.keys(touch.ids).some((name) => PAID.has(name)));
    const first = clicks.length ? Math.min(...clicks.map((touch) => Math.min(Date.parse(touch.at), now))) : null;
    const db = c.env.DB;
    const judgedBy = remembers ? [site.origins, site.daily_budget] : [];
    const tombstone = await hex(`${lead.site}/${lead.lead_id}`);
    const [inserted, , held] = await db.batch([
      db
        .prepare(remembers ? INSERT_IF_SITE : INSERT)
        .bind(lead.site, lead.lead_id, now, first, text, sha256, c.req.header("User-Agent") ?? null, tombstone, ...judgedBy),
      db.prepare(ARRIVAL).bind(lead.site, lead.lead_id, JSON.stringify(finders)),
      db.prepare("SELECT content_sha256 FROM leads WHERE site = ?1 AND lead_id = ?2").bind(lead.site, lead.lead_id),
      db.prepare(MATCH).bind(lead.site, JSON.stringify(finders)),
      db.prepare(END_WAIT).bind(lead.site, lead.lead_id),
    ]);
    const accept = (result, status) => cors(c.json({ lead_id: lead.lead_id, result }, status), origin, true);
    if (inserted.results.length) return accept("accepted", 201);
    // Erased, or, where the site is remembered, no longer what it was.
    if (!held.results.length) return remembers ? null : refuse(410, "lead_erased");
    return held.results[0].content_sha256 === sha256 ? accept("repeated", 200) : refuse(409, "lead_id_reused");
  }
});

function allows(site, origin) {
  return JSON.parse(site.origins).some((pattern) => matches(pattern, origin));
}

function cors(response, origin, isAllowed) {
  response.headers.set("Vary", "Origin");
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Content-Type-Options", "nosniff");
  if (isAllowed) response.headers.set("Access-Control-Allow-Origin", origin);
  return response;
}

function matches(pattern, origin) {
  if (!pattern.endsWith(":*")) return pattern === origin;
  const start = pattern.slice(0, -2);
  return origin === start || (origin.startsWith(`${start}:`) && /^\d+$/.test(origin.slice(start.length + 1)));
}

function check(body) {
  const leadId = canonical(String(body.lead_id));
  if (body.v !== 1 || !leadId || Number.isNaN(Date.parse(body.submitted_at))) return null;
  if (!Array.isArray(body.touches) || body.touches.length > TOUCHES_MAX) return null;
  const touches = body.touches.map((touch) => ({
    at: new Date(touch.at).toISOString(),
    landing: page(touch.landing),
    referrer: page(touch.referrer),
    ids: values(touch.ids, 1024),
    utm: values(touch.utm, 512),
    params: values(touch.params, 512),
  }));
  const consent = body.consent ?? {};
  const answer = (name) => (ANSWERS.has(consent[name]) ? consent[name] : undefined);
  return {
    v: 1,
    site: body.site,
    lead_id: leadId,
    submitted_at: new Date(body.submitted_at).toISOString(),
    page: page(body.page),
    form: { id: short(body.form?.id), name: short(body.form?.name), action: short(body.form?.action) },
    touches,
    consent: {
      ad_storage: answer("ad_storage"),
      ad_user_data: answer("ad_user_data"),
      ad_personalization: answer("ad_personalization"),
      source: short(consent.source),
      basis: short(consent.basis),
      observed_at: new Date(consent.observed_at ?? body.submitted_at).toISOString(),
    },
    script: short(body.script),
  };
}

function canonical(text) {
  const folded = text.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  if (folded.length !== 17) return null;
  let check = 0;
  for (let place = 0; place < 17; place++) {
    const value = ALPHABET.indexOf(folded[place]);
    if (value < 0 || (place === 16 && value !== check)) return null;
    check = (check ^ value) << 1;
    if (check & 32) check ^= 0b100101;
  }
  return folded;
}

function page(href) {
  try {
    const url = new URL(href);
    return /^https?:$/.test(url.protocol) ? url.origin + url.pathname : "";
  } catch {
    return "";
  }
}

function values(map, max) {
  const kept = Object.entries(map ?? {}).filter(([, value]) => typeof value === "string" && value && value.length <= max);
  return Object.fromEntries(kept.filter(([, value]) => !/[\x00-\x1f\x7f]|^\{.*\}$|\S@\S+\.\S/.test(value)));
}

const short = (text) => (typeof text === "string" && text.length <= 256 ? text : "");

async function hex(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return hexOf(new Uint8Array(digest));
}

function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export default app;
