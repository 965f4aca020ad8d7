// `cargo xtask bench feed`: 100,000 outcomes told as tables, and the file that Google fetches of them, on the local runtime: how
// long both take, and what the Worker needs of memory.
//
// Arguments: the folder of the built Worker, and a prepared state folder.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";

const OUTCOMES = Number(process.env.THROUGHLINE_BENCH_OUTCOMES ?? 100_000);
// As `limits.rs` has them.
const ROWS_OF_A_TABLE = 7_000;
const MEMORY_GOAL_MB = 128;
const ORIGIN = "http://localhost:8787";
const API = "/throughline/v1/";
const FEED = "/throughline/feeds/google-demo/conversions.csv";
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MB = 1_000_000;
const DAY_MS = 86_400_000;

const [build, state] = process.argv.slice(2);

// Beside the Worker a word of its own: how large the module's memory is. It never shrinks, so this is the most that it was.
const WATCHED = `
const memories = [];
const Instance = WebAssembly.Instance;
WebAssembly.Instance = function (module, imports) {
  const instance = new Instance(module, imports);
  memories.push(instance.exports.memory);
  return instance;
};
export const memoryBytes = () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
`;
const ENTRY = `
import { memoryBytes } from "./watched.js";
import * as collector from "./collector.js";
const worker = collector.default;
export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === "/memory") return new Response(String(memoryBytes()));
    return typeof worker === "function" ? new worker(context, env).fetch(request) : worker.fetch(request, env, context);
  },
};
`;

async function start() {
  const text = (name, contents) => ({ type: "ESModule", path: join(build, name), contents });
  const modules = [
    text("entry.js", ENTRY),
    text("watched.js", WATCHED),
    text("collector.js", readFileSync(join(build, "index.js"), "utf8")),
    { type: "CompiledWasm", path: join(build, "index_bg.wasm"), contents: readFileSync(join(build, "index_bg.wasm")) },
  ];
  const worker = {
    name: "collector",
    modules,
    modulesRoot: "/",
    compatibilityDate: "2026-10-23",
    compatibilityFlags: ["no_nodejs_compat"],
    d1Databases: { DB: "DB" },
    bindings: { ADMIN_TOKEN: "dev-admin-token", LIMITS: "off" },
  };
  const options = { resourcePersistencePath: join(state, "v3"), telemetry: { enabled: false }, port: 0, workers: [worker] };
  const runtime = new Miniflare(convertV4MiniflareOptions({ ...options, handleStructuredLogs: () => {} }));
  const url = await runtime.ready;
  return { runtime, address: `http://127.0.0.1:${url.port}` };
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

const clickedAt = Date.now() - 20 * DAY_MS;
const gclid = (number) => `CjwKCAiAnsvXBhAfEiwAozRy1_vhegEpOJMy5gX7oGvLgLK2wCeuLZWT6kieDLy67NguzP872fvLhBoC1_${String(number).padStart(9, "0")}`;

/** A lead of one click, as the browser script sends it. */
const lead = (number) => ({
  v: 1,
  site: "default",
  lead_id: leadId(number),
  submitted_at: new Date(clickedAt + 600_000).toISOString(),
  page: "https://www.example.com/contact",
  form: { id: "contact", name: "", action: "/thanks" },
  touches: [
    {
      at: new Date(clickedAt).toISOString(),
      landing: "https://www.example.com/pricing",
      referrer: "https://www.google.com/",
      ids: { gclid: gclid(number), gad_source: "1", gad_campaignid: "21890163799" },
      utm: { utm_source: "google", utm_medium: "cpc", utm_campaign: "spring sale", utm_term: "crm" },
      params: {},
    },
  ],
  consent: {
    ad_storage: "granted",
    ad_user_data: "granted",
    ad_personalization: "denied",
    source: "onetrust",
    basis: "explicit",
    observed_at: new Date(clickedAt + 5_000).toISOString(),
  },
  script: "0.1.0",
});

async function ask(address, path, options = {}) {
  const answer = await fetch(address + path, options);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

const browser = {
  Origin: ORIGIN,
  "Content-Type": "text/plain;charset=UTF-8",
  "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
};

/** One lead comes by its door; the others are copies of its row, because leads are not what is measured here. */
async function makeLeads() {
  const { runtime, address } = await start();
  await ask(address, `${API}leads`, { method: "POST", headers: browser, body: JSON.stringify(lead(0)) });
  await runtime.dispose();
  const folder = join(state, "v3/d1/miniflare-D1DatabaseObject");
  const file = readdirSync(folder).find((name) => name.endsWith(".sqlite") && name !== "metadata.sqlite");
  const database = new DatabaseSync(join(folder, file));
  const row = database.prepare("SELECT * FROM leads LIMIT 1").get();
  const names = Object.keys(row);
  const insert = database.prepare(`INSERT INTO leads (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`);
  database.exec("BEGIN");
  for (let number = 1; number < OUTCOMES; number++) {
    const copy = { ...row, lead_id: leadId(number), received_at_ms: clickedAt + 600_000 };
    copy.lead = row.lead.replaceAll(leadId(0), leadId(number)).replaceAll(gclid(0), gclid(number));
    insert.run(...names.map((name) => copy[name]));
  }
  database.exec("COMMIT");
  database.close();
}

function table(first, rows) {
  const lines = ["outcome_id,lead_id,kind,occurred_at,value,currency"];
  const occurredAt = new Date(clickedAt + 10 * DAY_MS).toISOString();
  for (let number = first; number < first + rows; number++) {
    lines.push(`deal-${String(number).padStart(7, "0")},${leadId(number)},won,${occurredAt},${number % 5_000}.50,EUR`);
  }
  return lines.join("\r\n");
}

/** The runtime's process, and the most memory that it had; nothing where the system has no /proc. */
function peakOfRuntime() {
  try {
    for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      if (!status.includes(`PPid:\t${process.pid}\n`) || !status.startsWith("Name:\tworkerd")) continue;
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) * 1_024;
    }
  } catch {
    // Another system, or a process that has just ended.
  }
  return null;
}

const megabytes = (bytes) => (bytes === null ? "unknown" : `${(bytes / MB).toFixed(1)} MB`);
const seconds = (since) => (performance.now() - since) / 1_000;

await makeLeads();
const { runtime, address } = await start();
const memory = async () => Number(await (await ask(address, "/memory")).text());
await ask(address, "/throughline/health");
console.log(`\n${OUTCOMES} outcomes in tables of ${ROWS_OF_A_TABLE} rows, each with a lead of its own`);
console.log(`${"".padEnd(34)}${"seconds".padStart(9)}${"rows/s".padStart(9)}${"module".padStart(12)}${"runtime".padStart(12)}`);
const line = async (what, took, rows) => {
  const rate = rows ? (rows / took).toFixed(0) : "";
  const cells = [took.toFixed(1).padStart(9), rate.padStart(9), megabytes(await memory()).padStart(12), megabytes(peakOfRuntime()).padStart(12)];
  console.log(`${what.padEnd(34)}${cells.join("")}`);
};
await line("before", 0, 0);

const headers = { Authorization: "Bearer dev-admin-token", "Content-Type": "text/csv" };
let began = performance.now();
for (let first = 0; first < OUTCOMES; first += ROWS_OF_A_TABLE) {
  const rows = Math.min(ROWS_OF_A_TABLE, OUTCOMES - first);
  const answer = await ask(address, `${API}outcomes?site=default`, { method: "POST", headers, body: table(first, rows) });
  const told = await answer.json();
  const accepted = told.accepted ?? told.rows?.filter((row) => row.result === "accepted").length;
  if (accepted !== rows) throw new Error(`of ${rows} rows ${accepted} were accepted: ${JSON.stringify(told).slice(0, 400)}`);
}
await line("told as tables", seconds(began), OUTCOMES);

const login = { Authorization: `Basic ${btoa("google-demo:dev-feed-password")}` };
let bytes = 0;
for (const what of ["file, fetched for the first time", "file, fetched again"]) {
  began = performance.now();
  const answer = await ask(address, FEED, { headers: login });
  const file = await answer.text();
  const took = seconds(began);
  const rows = file.split("\n").filter((row) => row.startsWith("CjwK")).length;
  if (rows !== OUTCOMES) throw new Error(`the file has ${rows} rows of ${OUTCOMES}; ${answer.headers.get("Throughline-Left-Out")}`);
  bytes = Buffer.byteLength(file);
  await line(what, took, rows);
}
const most = await memory();
await runtime.dispose();
console.log(`the file has ${megabytes(bytes)}; the module's memory was at most ${megabytes(most)}, and a Worker has ${MEMORY_GOAL_MB} MB for it and its JavaScript`);
console.log("the runtime's process holds the local database too, which is elsewhere in a deployment");
