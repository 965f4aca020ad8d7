// The collector's job for one lead, hand-written in JavaScript with Hono, to measure the Rust one beside it. It does what
// the Rust does for a lead that is stored: no more, and a little less, for it computes no channel and suspects nobody.

import { Hono } from "hono";

const BODY_BYTES_MAX = 32 * 1024;
const TOUCHES_MAX = 12;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PAID = new Set(["gclid", "gbraid", "wbraid", "dclid", "msclkid", "ttclid", "twclid", "li_fat_id", "epik", "rdt_cid"]);
const ANSWERS = new Set(["granted", "denied"]);

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
  const site = await c.env.DB.prepare("SELECT site, origins FROM sites WHERE site = ?1").bind(String(body.site)).all();
  const row = site.results[0];
  if (!row) return refuse(404, "site_unknown");
  if (!JSON.parse(row.origins).some((pattern) => matches(pattern, origin))) return refuse(403, "origin_not_allowed");
  const lead = check(body);
  if (!lead) return refuse(422, "field_invalid");
  if (lead.consent.ad_storage !== "granted") return refuse(403, "consent_missing");

  const text = JSON.stringify(lead);
  const sha256 = await hex(text);
  const now = Date.now();
  const finders = [];
  for (const touch of lead.touches) {
    for (const [name, id] of Object.entries(touch.ids)) finders.push((await hex(`${name}:${id}`)).slice(0, 16));
  }
  const clicks = lead.touches.filter((touch) => Object.keys(touch.ids).some((name) => PAID.has(name)));
  const first = clicks.length ? Math.min(...clicks.map((touch) => Math.min(Date.parse(touch.at), now))) : null;
  const db = c.env.DB;
  const [inserted, , read] = await db.batch([
    db
      .prepare(
        `INSERT INTO leads (site, lead_id, received_at_ms, first_click_at_ms, lead, content_sha256, user_agent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (site, lead_id) DO NOTHING RETURNING lead_id`,
      )
      .bind(lead.site, lead.lead_id, now, first, text, sha256, c.req.header("User-Agent") ?? null),
    db
      .prepare(
        `INSERT INTO lead_arrivals (site, received_at_ms, lead_id, finders)
         SELECT site, received_at_ms, lead_id, ?3 FROM leads WHERE site = ?1 AND lead_id = ?2
         ON CONFLICT (site, received_at_ms, lead_id) DO NOTHING`,
      )
      .bind(lead.site, lead.lead_id, JSON.stringify(finders)),
    db.prepare("SELECT content_sha256 FROM leads WHERE site = ?1 AND lead_id = ?2").bind(lead.site, lead.lead_id),
  ]);
  if (inserted.results.length) return cors(c.json({ lead_id: lead.lead_id, result: "accepted" }, 201), origin, true);
  if (read.results[0]?.content_sha256 === sha256) {
    return cors(c.json({ lead_id: lead.lead_id, result: "repeated" }, 200), origin, true);
  }
  return refuse(409, "lead_id_reused");
});

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
