//! The website of a test: small pages, an address that takes forms, and the way to the collector.
//!
//! Everything a page asks for passes here and is recorded, the collector's paths too: they are handed on as a reverse
//! proxy would do it. So "no request before consent" is seen from the server's side.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::bundles;
use super::driver::free_port;
use super::request_log::{RecordedRequest, RequestLog};

/// How the collector behaves towards the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectorDoor {
    /// It answers.
    Open,
    /// It takes requests to `v1/` and never answers them; the static files still come.
    Silent,
    /// It hangs up on requests to `v1/`; the static files still come.
    Down,
    /// Nothing of it can be reached, its static files neither.
    Gone,
    /// It answers requests to `v1/` with this status, and with this `Retry-After`.
    Answers(u16, Option<&'static str>),
}

/// The connection ends without an answer.
#[derive(Debug)]
struct HungUp;

impl std::fmt::Display for HungUp {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the connection ends without an answer")
    }
}

impl std::error::Error for HungUp {}

/// Where browsers report what a policy of the collector's own pages stopped, so that a test sees it from the page's first
/// byte on. <https://www.w3.org/TR/CSP3/#directive-report-uri>
pub const POLICY_REPORTS: &str = "/policy-reports";

/// A web server on a port of its own, for one test.
pub struct PageServer {
    port: u16,
    shared: Arc<Shared>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    log: RequestLog,
    pages: PathBuf,
    /// `node_modules`: consent tools and frameworks as their makers ship them.
    packages: PathBuf,
    /// Pages that stand on such packages, bundled.
    bundles: PathBuf,
    /// Text in a page and what stands for it, because ports are known only now.
    words: Mutex<Vec<(&'static str, String)>>,
    /// Sent with every page as `Content-Security-Policy`.
    policy: Mutex<Option<HeaderValue>>,
    collector: String,
    door: Mutex<CollectorDoor>,
    agent: ureq::Agent,
}

impl PageServer {
    /// Serves `pages` and hands `/throughline/` on to the collector at this origin.
    pub(super) fn start(pages: &Path, collector: &str) -> PageServer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime for the page server");
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a free port");
        let port = listener
            .local_addr()
            .expect("a bound socket has an address")
            .port();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        let shared = Arc::new(Shared {
            log: RequestLog::default(),
            pages: pages.to_owned(),
            packages: Path::new(env!("CARGO_MANIFEST_DIR")).join("../node_modules"),
            bundles: bundles::folder(),
            words: Mutex::new(vec![
                ("{{elsewhere}}", format!("http://localhost:{port}")),
                ("{{nobody}}", format!("http://127.0.0.1:{}", free_port())),
            ]),
            policy: Mutex::new(None),
            collector: collector.to_owned(),
            door: Mutex::new(CollectorDoor::Open),
            agent: agent.new_agent(),
        });
        let (end, ended) = oneshot::channel::<()>();
        let served = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! { () = serve(listener, served) => {}, _ = ended => {} }
            });
            // Answers that were withheld, and connections that browsers keep open, are dropped here.
            runtime.shutdown_background();
        });
        PageServer {
            port,
            shared,
            end: Some(end),
            thread: Some(thread),
        }
    }

    /// Scheme, host and port of every page.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What arrived so far.
    #[must_use]
    pub fn log(&self) -> &RequestLog {
        &self.shared.log
    }

    /// From now on each page is sent with this `Content-Security-Policy`.
    pub fn set_policy(&self, policy: &str) {
        let policy = HeaderValue::from_str(policy).expect("a policy is a header");
        *self.shared.policy.lock().unwrap_or_else(PoisonError::into_inner) = Some(policy);
    }

    /// From now on this text stands in a page where the word stands in its file.
    pub fn set_word(&self, word: &'static str, meaning: &str) {
        let mut words = self.shared.words.lock().unwrap_or_else(PoisonError::into_inner);
        words.retain(|(known, _)| *known != word);
        words.push((word, meaning.to_owned()));
    }

    /// From now on the collector behaves so.
    pub fn set_collector_door(&self, door: CollectorDoor) {
        *self.shared.door.lock().unwrap_or_else(PoisonError::into_inner) = door;
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            let _ = end.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

type Answer = Response<Full<Bytes>>;

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| {
            let shared = Arc::clone(&shared);
            async move { shared.answer(request).await }
        });
        // A browser that goes away in the middle is none of our business.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl Shared {
    async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Result<Answer, HungUp> {
        let recorded = record(request).await;
        let number = self.log.add(recorded.clone());
        let answer = Arc::clone(&self).answer_to(recorded).await;
        self.log.answered(number);
        answer
    }

    async fn answer_to(self: Arc<Self>, recorded: RecordedRequest) -> Result<Answer, HungUp> {
        let path = recorded.path.split('?').next().unwrap_or_default().to_owned();
        let is_api = path.starts_with("/throughline/v1/");
        match self.door() {
            CollectorDoor::Silent if is_api => std::future::pending::<()>().await,
            CollectorDoor::Down if is_api => return Err(HungUp),
            CollectorDoor::Gone if path.starts_with("/throughline/") => return Err(HungUp),
            CollectorDoor::Answers(status, retry_after) if is_api => {
                return Ok(status_alone(status, retry_after));
            }
            _ => {}
        }
        Ok(match path.as_str() {
            _ if path.starts_with("/throughline/") => {
                let asked = tokio::task::spawn_blocking(move || self.ask_collector(&recorded));
                asked.await.unwrap_or_else(|_| nothing())
            }
            "/received" | "/received/form" | "/received/state" => {
                text("<!doctype html><title>Received</title><p>Thank you.", "text/html")
            }
            "/received/moved" => see_other(&recorded),
            _ => path
                .strip_prefix("/pages/")
                .and_then(|name| self.page(name))
                .or_else(|| file_of(&self.packages, path.strip_prefix("/packages/")?))
                .or_else(|| file_of(&self.bundles, path.strip_prefix("/bundles/")?))
                .unwrap_or_else(nothing),
        })
    }

    fn door(&self) -> CollectorDoor {
        *self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn page(&self, name: &str) -> Option<Answer> {
        let page = std::fs::read_to_string(self.pages.join(name)).ok()?;
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let page = words
            .iter()
            .fold(page, |page, (word, meaning)| page.replace(word, meaning));
        let mut answer = text(&page, media_type(name));
        let policy = self.policy.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(policy) = policy.clone() {
            answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        Some(answer)
    }

    fn ask_collector(&self, recorded: &RecordedRequest) -> Answer {
        let mut request = Request::builder()
            .method(recorded.method.as_str())
            .uri(format!("{}{}", self.collector, recorded.path));
        for (name, value) in recorded
            .headers
            .iter()
            .filter(|(name, _)| !is_of_the_connection(name))
        {
            request = request.header(name, value);
        }
        let asked = request
            .body(recorded.body.clone())
            .map_err(ureq::Error::from)
            .and_then(|request| self.agent.run(request));
        match asked {
            Ok(answer) => hand_back(answer),
            Err(error) => {
                let mut answer = text(&format!("the collector did not answer: {error}"), "text/plain");
                *answer.status_mut() = StatusCode::BAD_GATEWAY;
                answer
            }
        }
    }
}

/// A file of an npm package or a bundle, as it is.
fn file_of(folder: &Path, name: &str) -> Option<Answer> {
    let file = std::fs::read_to_string(folder.join(name)).ok()?;
    Some(text(&file, media_type(name)))
}

/// Sends the browser back to the page whose form it has posted, as Turbo demands of a server
/// (<https://turbo.hotwired.dev/handbook/drive#redirecting-after-a-form-submission>).
fn see_other(posted: &RecordedRequest) -> Answer {
    let mut answer = nothing();
    *answer.status_mut() = StatusCode::SEE_OTHER;
    let page = posted.header("referer").unwrap_or("/");
    if let Ok(page) = HeaderValue::from_str(page) {
        answer.headers_mut().insert(LOCATION, page);
    }
    answer
}

/// By the name's end. Klaro is a syntax error unless it comes as UTF-8.
fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "text/html; charset=utf-8",
    }
}

fn hand_back(answer: Response<ureq::Body>) -> Answer {
    let (mut parts, mut body) = answer.into_parts();
    let of_the_connection: Vec<HeaderName> = parts
        .headers
        .keys()
        .filter(|name| is_of_the_connection(name.as_str()))
        .cloned()
        .collect();
    for name in of_the_connection {
        parts.headers.remove(name);
    }
    if let Some(policy) = parts.headers.get_mut(CONTENT_SECURITY_POLICY) {
        let reported = [policy.as_bytes(), b"; report-uri ", POLICY_REPORTS.as_bytes()].concat();
        if let Ok(reported) = HeaderValue::from_bytes(&reported) {
            *policy = reported;
        }
    }
    Response::from_parts(parts, Full::from(body.read_to_vec().unwrap_or_default()))
}

/// Headers that speak of one connection and are not handed on
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1>). `Host` is handed on: a route of the site's own zone keeps it,
/// and the collector sets its cookie for no other host.
fn is_of_the_connection(name: &str) -> bool {
    matches!(
        name,
        "connection" | "keep-alive" | "content-length" | "transfer-encoding" | "te" | "upgrade"
    )
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests run natively, where the clock exists"
)]
fn now() -> Instant {
    Instant::now()
}

async fn record(request: Request<Incoming>) -> RecordedRequest {
    let (parts, body) = request.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    RecordedRequest {
        method: parts.method.to_string(),
        path: parts
            .uri
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body: body
            .collect()
            .await
            .map(|body| body.to_bytes().to_vec())
            .unwrap_or_default(),
        arrived_at: now(),
        is_answered: false,
    }
}

fn text(text: &str, media_type: &'static str) -> Answer {
    let mut answer = Response::new(Full::from(text.to_owned()));
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    answer
}

/// An answer of a few words, such as a proxy gives for a server behind it.
fn status_alone(status: u16, retry_after: Option<&'static str>) -> Answer {
    let mut answer = text("not now", "text/plain");
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = retry_after {
        answer
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from_static(seconds));
    }
    answer
}

/// The answer for what is not there, such as an icon that a browser asks for by itself.
fn nothing() -> Answer {
    let mut answer = Response::new(Full::default());
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
}
