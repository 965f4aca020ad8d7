//! The Worker shell of Throughline: takes leads and outcomes, and serves the files that ad platforms fetch.
//!
//! This file is the door: the only place that knows the runtime's request. It turns it into plain values, hands them to
//! [`routes`], and turns the answer back. Behind the door everything is ordinary Rust over a [`store::Store`], so the
//! same rooms run in a native test on SQLite. The modules stand in the order a request walks.

use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use attribution::timestamp::Timestamp;
use futures_util::StreamExt;
use futures_util::future::{Either, select};
use worker::js_sys::Uint8Array;
use worker::js_sys::futures::JsFuture;
use worker::{
    ByteStream, Context, Delay, Env, Headers, Response, ResponseBuilder, ScheduleContext, ScheduledEvent,
    event, web_sys,
};

pub mod request; // a request as plain values
pub mod reply; // an answer as plain values
pub mod route; // the paths that are ours
pub mod log_line; // what the log says of a request
pub mod routes; // path and method -> room
pub mod rate; // who comes too often
pub mod site; // whose pages may send leads
pub mod key; // what a CRM shows
pub mod authority; // who may do what
pub mod page_post; // what every request of a page's script passes first
pub mod receive_lead; // POST v1/leads
pub mod receive_form; // POST v1/leads by a form without a script
pub mod receive_consent; // POST v1/consent
pub mod outcome_report; // what became of each row that was told
pub mod receive_webhook; // POST v1/webhooks/{source}
pub mod webhook_settings; // PUT, GET, DELETE v1/webhooks/{source}
pub mod record_outcomes; // POST v1/outcomes
pub mod shown_lead; // how a lead is shown
pub mod shown_outcome; // how an outcome is shown
pub mod shown_delivery; // how a delivery is shown
pub mod standing; // how an outcome stands at every destination
pub mod story; // what happened to a lead, in sentences
pub mod read_deliveries; // GET v1/deliveries
pub mod read_outcome; // GET v1/outcomes/{outcome_id}
pub mod diagnosis; // how many of what, and how a destination does
pub mod read_diagnostics; // GET v1/diagnostics
pub mod lead_file; // leads for a spreadsheet
pub mod read_leads; // GET v1/leads, v1/leads/{lead_id}, v1/leads.csv
pub mod destination; // where outcomes go
pub mod person; // who wants to know, or to be forgotten
pub mod show_person; // POST v1/access
pub mod erase_person; // POST v1/erasures
pub mod settings; // the body that sets something
pub mod site_settings; // v1/sites/{id}
pub mod key_settings; // v1/keys/{id}
pub mod destination_settings; // v1/destinations/{id}
pub mod serve_feed; // GET feeds/{destination}/{name}.csv
pub mod health; // GET health
pub mod network; // what a delivery needs of the world
pub mod platform_access; // how the platforms let us in
pub mod due_judgement; // what is due, judged before it is sent or shown
pub mod sealed_token; // a refresh token as it is kept
pub mod admission; // how a destination is let in
pub mod deliver; // outcomes on their way to the platforms' APIs
pub mod destination_trial; // whether a platform takes a destination's settings
pub mod worker_network; // the Worker's own network
pub mod sweep; // what is done when nobody waits
pub mod refusal; // every refusal -> status + problem+json
pub mod finder; // by what a lead is found
pub mod store; // the store's verbs

use destination_trial::Platforms;
use log_line::LogLine;
use platform_access::Access;
use request::{Body, Limits, Request};
use route::Route;
use store::Store;
use store::d1::D1;
use store::sites::KnownSites;
use worker_network::WorkerNetwork;

/// The binding of the database in wrangler.toml.
const DATABASE: &str = "DB";

/// The secret that opens everything.
const ADMIN_TOKEN: &str = "ADMIN_TOKEN";

/// The variable that is `off` where nobody keeps limits.
const LIMITS: &str = "LIMITS";

/// The binding of the platform's rate limiter in wrangler.toml.
const RATE_LIMITER: &str = "RATE_LIMITER";

thread_local! {
    /// The sites that this instance has read.
    static KNOWN_SITES: Rc<KnownSites> = Rc::default();
}

/// The door. It never returns an error, because the runtime would answer it with a bare 500 that no browser lets a
/// page read. It takes the bare request, because the library's own reads what nobody asks for, such as where on Earth
/// the request came from.
#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, _context: Context) -> worker::Result<Response> {
    let now = now();
    let request = plain(&request, &env).await;
    let admin_token = env.secret(ADMIN_TOKEN).ok().map(|secret| secret.to_string());
    let reply = match env.d1(DATABASE) {
        Ok(database) => {
            let secret_of = |name: &str| env.secret(name).ok().map(|secret| secret.to_string());
            let store = Store::remembering(D1(database), KNOWN_SITES.with(Rc::clone));
            let platforms = Platforms {
                network: &WorkerNetwork::of_request(&env),
                // Nine bindings that no page's lead waits for.
                access: &match Route::of(&request.path) {
                    Some(Route::Leads | Route::Consent) => Access::default(),
                    _ => worker_network::access(&env),
                },
            };
            let admin_token = admin_token.as_deref();
            routes::answer(&request, &store, admin_token, &secret_of, &platforms, now).await
        }
        Err(_) => {
            worker::console_error!("{{\"event\":\"binding_missing\",\"binding\":\"{DATABASE}\"}}");
            refusal::Refusal::Storage(store::StorageError::Unavailable).reply(&request.request_id)
        }
    };
    let line = LogLine::of(&request, &reply).to_json();
    if reply.status < 500 {
        worker::console_log!("{line}");
    } else {
        worker::console_error!("{line}");
    }
    let headers = Headers::new();
    for (name, value) in &reply.headers {
        // Our own texts are valid header values, and an origin is checked before it is echoed. Each cookie needs a
        // header of its own, so none replaces another.
        let _ = headers.append(name, value);
    }
    let builder = ResponseBuilder::new()
        .with_status(reply.status)
        .with_headers(headers);
    Ok(if reply.body.is_empty() {
        builder.empty()
    } else {
        builder.fixed(reply.body)
    })
}

/// The clock of wrangler.toml. It cannot say that it failed, so the log does, and `health` shows when it last ended.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, _context: ScheduleContext) {
    let Ok(database) = env.d1(DATABASE) else {
        worker::console_error!("{{\"event\":\"sweep_failed\"}}");
        return;
    };
    let store = Store::new(D1(database));
    let swept = sweep::run(&store, now()).await;
    log_run(
        "sweep",
        swept.ok().and_then(|swept| serde_json::to_string(&swept).ok()),
    );
    let network = WorkerNetwork::of_sweep(&env);
    let delivered = deliver::run(&store, &network, &worker_network::access(&env)).await;
    log_run(
        "delivery",
        delivered
            .ok()
            .and_then(|delivered| serde_json::to_string(&delivered).ok()),
    );
}

/// One line for each job: what it did, or that it failed.
fn log_run(job: &str, counts: Option<String>) {
    match counts {
        Some(counts) => worker::console_log!("{{\"event\":\"{job}_run\",\"counts\":{counts}}}"),
        None => worker::console_error!("{{\"event\":\"{job}_failed\"}}"),
    }
}

fn now() -> Timestamp {
    Timestamp::from_ms(i64::try_from(worker::Date::now().as_millis()).unwrap_or_default())
}

async fn plain(request: &web_sys::Request, env: &Env) -> Request {
    let headers = request.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    let url = request.url();
    let url = url.split('#').next().unwrap_or_default();
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let after_scheme = address.find("://").map_or(0, |place| place + "://".len());
    let end_of_origin = address
        .get(after_scheme..)
        .and_then(|rest| rest.find('/'))
        .map_or(address.len(), |length| after_scheme + length);
    let (own_origin, path) = address.split_at(end_of_origin);
    let path = path.to_owned();
    let plain = Request {
        request_id: header("CF-Ray")
            .filter(|ray| request::ray_id(ray).is_some())
            .unwrap_or_else(fresh_request_id),
        method: request.method(),
        query: query.to_owned(),
        own_origin: own_origin.to_owned(),
        origin: header("Origin"),
        content_type: header("Content-Type"),
        content_encoding: header("Content-Encoding"),
        authorization: header("Authorization"),
        user_agent: header("User-Agent"),
        sec_purpose: header("Sec-Purpose"),
        sec_gpc: header("Sec-GPC"),
        client_address: header("CF-Connecting-IP"),
        referer: header("Referer"),
        sec_fetch_site: header("Sec-Fetch-Site"),
        random: fresh_bytes(),
        headers: match Route::of(&path) {
            Some(Route::Webhook(_)) => Headers(headers.clone()).entries().collect(),
            _ => Vec::new(),
        },
        path,
        ..Request::default()
    };
    let plain = Request {
        limits: limits(env, &plain).await,
        ..plain
    };
    let announced_bytes = header("Content-Length").and_then(|length| length.parse().ok());
    let route = Route::of(&plain.path);
    let bytes_max = route.map_or(0, |route| route.body_bytes_max(&plain.media_type()));
    let time_max = Duration::from_millis(route.map_or(0, Route::body_ms_max));
    if plain.limits == Limits::Exceeded {
        return plain;
    }
    let body = read_body(request, announced_bytes, bytes_max, time_max).await;
    Request { body, ..plain }
}

/// Asks the platform's rate limiter. One that does not answer lets everybody through: no lead is lost for it.
async fn limits(env: &Env, request: &Request) -> Limits {
    if env.var(LIMITS).is_ok_and(|limits| limits.to_string() == "off") {
        return Limits::Off;
    }
    let Some((sender, limiter)) = rate::sender(request).zip(env.rate_limiter(RATE_LIMITER).ok()) else {
        return Limits::Within;
    };
    match limiter.limit(sender).await {
        Ok(outcome) if !outcome.success => Limits::Exceeded,
        _ => Limits::Within,
    }
}

/// Reads no more than the route takes, and no longer. Where the length is announced, the runtime reads no byte beyond it,
/// so it may put the body together by itself; else each piece is weighed.
async fn read_body(
    request: &web_sys::Request,
    announced_bytes: Option<usize>,
    bytes_max: usize,
    time_max: Duration,
) -> Body {
    if announced_bytes.is_some_and(|bytes| bytes > bytes_max) {
        return Body::TooLarge;
    }
    let Some(stream) = request.body() else {
        return Body::default();
    };
    let reading = async {
        match announced_bytes {
            Some(bytes) => read_announced(request, bytes).await,
            None => read_pieces(stream.into(), bytes_max).await,
        }
    };
    match select(pin!(reading), Delay::from(time_max)).await {
        Either::Left((body, _)) => body,
        Either::Right(_) => Body::Slow,
    }
}

async fn read_announced(request: &web_sys::Request, announced_bytes: usize) -> Body {
    let Ok(promise) = request.array_buffer() else {
        return Body::Cut;
    };
    match JsFuture::from(promise).await {
        Ok(buffer) => {
            let body = Uint8Array::new(&buffer).to_vec();
            // The runtime takes some aborted bodies for their end.
            if body.len() == announced_bytes {
                Body::Whole(body)
            } else {
                Body::Cut
            }
        }
        Err(_) => Body::Cut,
    }
}

async fn read_pieces(mut stream: ByteStream, bytes_max: usize) -> Body {
    let mut body = Vec::new();
    while let Some(piece) = stream.next().await {
        let Ok(piece) = piece else {
            return Body::Cut;
        };
        if body.len() + piece.len() > bytes_max {
            return Body::TooLarge;
        }
        body.extend_from_slice(&piece);
    }
    Body::Whole(body)
}

/// Outside Cloudflare's network there is no ray id. A request id is no secret, and without one nothing breaks.
fn fresh_request_id() -> String {
    hex::encode(fresh_bytes::<7>().unwrap_or_default())
}

fn fresh_bytes<const COUNT: usize>() -> Option<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    getrandom::fill(&mut bytes).ok().map(|()| bytes)
}
