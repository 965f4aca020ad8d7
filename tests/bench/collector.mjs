// `cargo xtask bench`: leads a second of the built Worker, beside the same job hand-written in JavaScript (hono.js), on
// the same runtime and in one run: once as one would write it, and once with the Rust's way of knowing its sites, which
// tells what is the language's part and what that way's. They take turns, so that whatever else the machine does meets all.
//
// Arguments: the folder of the built Worker, and a prepared state folder for each of the three.

import { Agent, request } from "node:http";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const CLIENTS = 8;
// Many short ones: what else the machine does in one second meets all three of a round.
const ROUNDS = 15;
const LEADS_A_ROUND = 400;
const WARM_UP = 300;
const RATIO_GOAL = 1;
const ROWS_GOAL = 3;
const ORIGIN = "http://localhost:8787";
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const [build, ...states] = process.argv.slice(2);

/** A runtime with one Worker and its own database. */
async function start(name, modules, state, variables = {}) {
  const worker = {
    name,
    modules,
    modulesRoot: "/",
    compatibilityDate: "2026-10-23",
    compatibilityFlags: ["no_nodejs_compat"],
    d1Databases: { DB: "DB" },
    bindings: { ADMIN_TOKEN: "dev-admin-token", LIMITS: "off", ...variables },
  };
  const options = { resourcePersistencePath: join(state, "v3"), telemetry: { enabled: false }, port: 0, workers: [worker] };
  // What the Worker logs goes nowhere here: a terminal is slower than any of the two.
  const runtime = new Miniflare(convertV4MiniflareOptions({ ...options, handleStructuredLogs: () => {} }));
  const url = await runtime.ready;
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  return { name, runtime, port: url.port, agent, state, ms: [], seconds: [] };
}

function leadId(number) {
  let text = "";
  let check = 0;
  for (let place = 15; place >= 0; place--) {
    const value = Math.floor(number / 32 ** place) % 32;
    text += ALPHABET[value];
    check = (check ^ value) << 1;
    if (check & 32) check ^= 0b100101;
  }
  return text + ALPHABET[check];
}

/** A lead of two visits, as the browser script sends it. */
function lead(number) {
  const touch = (at, ids) => ({
    at,
    landing: "https://www.example.com/pricing",
    referrer: "https://www.google.com/",
    ids,
    utm: { utm_source: "google", utm_medium: "cpc", utm_campaign: "spring sale", utm_term: "crm" },
    params: {},
  });
  const gclid = `CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_${number}`;
  return JSON.stringify({
    v: 1,
    site: "default",
    lead_id: leadId(number),
    submitted_at: "2026-11-18T09:10:00.123Z",
    page: "https://www.example.com/contact",
    form: { id: "contact", name: "", action: "/thanks" },
    touches: [
      touch("2026-11-10T20:00:00Z", { gclid, gad_source: "1", gad_campaignid: "21890163799" }),
      touch("2026-11-18T09:00:00Z", { msclkid: "0f1e2d3c4b5a69788796a5b4c3d2e1f0" }),
    ],
    consent: {
      ad_storage: "granted",
      ad_user_data: "granted",
      ad_personalization: "denied",
      source: "onetrust",
      basis: "explicit",
      observed_at: "2026-11-18T09:00:05Z",
    },
    script: "0.1.0",
  });
}

/** Sends one lead and says how many milliseconds its 201 took. */
function send(worker, number) {
  const body = lead(number);
  const headers = {
    Origin: ORIGIN,
    "Content-Type": "text/plain;charset=UTF-8",
    "Content-Length": Buffer.byteLength(body),
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
  };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: worker.port, agent: worker.agent, method: "POST", headers };
    const asked = request({ ...options, path: "/throughline/v1/leads" }, (answer) => {
      let said = "";
      answer.on("data", (chunk) => (said += chunk));
      answer.on("end", () => {
        if (answer.statusCode === 201) resolve(performance.now() - began);
        else reject(new Error(`${worker.name} answered ${answer.statusCode}: ${said}`));
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

let sent = 0;

async function round(worker, count) {
  const first = sent;
  sent += count;
  let next = first;
  const began = performance.now();
  const client = async () => {
    while (next < first + count) worker.ms.push(await send(worker, next++));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (performance.now() - began) / 1_000;
}

/** Rows of all tables. None of a lead's has an index, so each is one written row. */
function rows(state) {
  const folder = join(state, "v3/d1/miniflare-D1DatabaseObject");
  const file = readdirSync(folder).find((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
  const database = new DatabaseSync(join(folder, file));
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'");
  const count = (table) => database.prepare(`SELECT count(*) AS count FROM "${table.name}"`).get().count;
  const all = tables.all().reduce((sum, table) => sum + count(table), 0);
  database.close();
  return all;
}

const quantile = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)];
const sorted = (numbers) => numbers.toSorted((one, other) => one - other);

const hono = buildSync({
  entryPoints: [fileURLToPath(new URL("hono.js", import.meta.url))],
  bundle: true,
  minify: true,
  format: "esm",
  loader: { ".sql": "text" },
  write: false,
});
const rustModules = [
  { type: "ESModule", path: join(build, "index.js"), contents: readFileSync(join(build, "index.js"), "utf8") },
  { type: "CompiledWasm", path: join(build, "index_bg.wasm"), contents: readFileSync(join(build, "index_bg.wasm")) },
];
const javascriptModules = [{ type: "ESModule", path: "/hono.js", contents: hono.outputFiles[0].text }];
const workers = [
  await start("Rust", rustModules, states[0]),
  await start("JavaScript", javascriptModules, states[1]),
  await start("JavaScript, sites remembered", javascriptModules, states[2], { SITES: "remembered" }),
];
const before = workers.map((worker) => rows(worker.state));
for (const worker of workers) {
  await round(worker, WARM_UP);
  worker.ms = [];
}
for (let count = 0; count < ROUNDS; count++) {
  const turn = [...workers.slice(count % workers.length), ...workers.slice(0, count % workers.length)];
  for (const worker of turn) worker.seconds.push(await round(worker, LEADS_A_ROUND));
}
await Promise.all(workers.map((worker) => worker.runtime.dispose()));

console.log(`\n${ROUNDS} rounds of ${LEADS_A_ROUND} leads each, ${CLIENTS} clients, in turns`);
console.log(`${"".padEnd(30)}${"leads/s".padStart(9)}${"median ms".padStart(11)}${"99 % ms".padStart(9)}${"rows/lead".padStart(11)}`);
const rowsALead = workers.map((worker, place) => {
  const rate = LEADS_A_ROUND / quantile(sorted(worker.seconds), 0.5);
  const ms = sorted(worker.ms);
  const written = (rows(worker.state) - before[place]) / (ROUNDS * LEADS_A_ROUND + WARM_UP);
  const cells = [rate.toFixed(0).padStart(9), quantile(ms, 0.5).toFixed(1).padStart(11), quantile(ms, 0.99).toFixed(1).padStart(9)];
  console.log(`${worker.name.padEnd(30)}${cells.join("")}${written.toFixed(2).padStart(11)}`);
  return written;
});
/** The median over the rounds: how much longer another worker took than the Rust one. */
const ratio = (other) => quantile(sorted(other.seconds.map((seconds, round) => seconds / workers[0].seconds[round])), 0.5);
for (const [place, other] of workers.slice(1).entries()) {
  const goal = place === 0 ? `; the goal is at least ${RATIO_GOAL.toFixed(1)}` : "";
  console.log(`ratio to ${other.name} ${ratio(other).toFixed(2)}, the median of the rounds${goal}`);
}
console.log(`rows written for each lead ${rowsALead[0].toFixed(2)}; the goal is at most ${ROWS_GOAL}`);
