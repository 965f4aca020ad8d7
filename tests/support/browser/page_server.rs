//! The website of a test: small pages, an address that takes forms, and the way to the collector.
//!
//! Everything a page asks for passes here and is recorded, the collector's paths too: they are handed on as a reverse
//! proxy would do it. So "no request before consent" is seen from the server's side.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tiny_http::{Header, Request, Response, Server};

use super::driver::free_port;
use super::request_log::{RecordedRequest, RequestLog};

/// A browser opens up to six connections to one host, and each answer is short.
const WORKERS: usize = 6;

/// How the collector behaves towards the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectorDoor {
    /// It answers.
    Open,
    /// It takes requests to `v1/` and never answers them; the static files still come.
    Silent,
}

/// A web server on a port of its own, for one test.
pub struct PageServer {
    port: u16,
    shared: Arc<Shared>,
    server: Arc<Server>,
    workers: Vec<JoinHandle<()>>,
}

struct Shared {
    log: RequestLog,
    pages: PathBuf,
    /// Text in a page and what stands for it, because ports are known only now.
    words: Vec<(&'static str, String)>,
    collector: String,
    door: Mutex<CollectorDoor>,
    unanswered: Mutex<Vec<Request>>,
    agent: ureq::Agent,
}

impl PageServer {
    /// Serves `pages` and hands `/throughline/` on to the collector at this origin.
    pub(super) fn start(pages: &Path, collector: &str) -> PageServer {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a page server on a free port"));
        let port = server
            .server_addr()
            .to_ip()
            .expect("a page server listens on an IP address")
            .port();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        let shared = Arc::new(Shared {
            log: RequestLog::default(),
            pages: pages.to_owned(),
            words: vec![
                ("{{elsewhere}}", format!("http://localhost:{port}")),
                ("{{nobody}}", format!("http://127.0.0.1:{}", free_port())),
            ],
            collector: collector.to_owned(),
            door: Mutex::new(CollectorDoor::Open),
            unanswered: Mutex::default(),
            agent,
        });
        let workers = (0..WORKERS)
            .map(|_| {
                let (server, shared) = (Arc::clone(&server), Arc::clone(&shared));
                std::thread::spawn(move || {
                    while let Ok(request) = server.recv() {
                        shared.answer(request);
                    }
                })
            })
            .collect();
        PageServer {
            port,
            shared,
            server,
            workers,
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

    /// From now on the collector behaves so.
    pub fn set_collector_door(&self, door: CollectorDoor) {
        *self.shared.door.lock().unwrap_or_else(PoisonError::into_inner) = door;
    }
}

impl Drop for PageServer {
    fn drop(&mut self) {
        for _ in &self.workers {
            self.server.unblock();
        }
        self.shared
            .unanswered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

type Answer = Response<Cursor<Vec<u8>>>;

impl Shared {
    fn answer(&self, mut request: Request) {
        let recorded = record(&mut request);
        self.log.add(recorded.clone());
        let path = recorded.path.split('?').next().unwrap_or_default();
        if path.starts_with("/throughline/v1/") && self.door() == CollectorDoor::Silent {
            self.unanswered
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(request);
            return;
        }
        let answer = match path {
            _ if path.starts_with("/throughline/") => self.from_collector(&recorded),
            "/received" => html("<!doctype html><title>Received</title><p>Thank you."),
            _ => path
                .strip_prefix("/pages/")
                .and_then(|name| self.page(name))
                .unwrap_or_else(nothing),
        };
        // The browser may have left already; then nobody misses the answer.
        let _ = request.respond(answer);
    }

    fn door(&self) -> CollectorDoor {
        *self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn page(&self, name: &str) -> Option<Answer> {
        let text = std::fs::read_to_string(self.pages.join(name)).ok()?;
        let text = self
            .words
            .iter()
            .fold(text, |text, (word, meaning)| text.replace(word, meaning));
        Some(if name.ends_with(".js") {
            with_type(text, "text/javascript")
        } else {
            html(&text)
        })
    }

    fn from_collector(&self, recorded: &RecordedRequest) -> Answer {
        let mut request = ureq::http::Request::builder()
            .method(recorded.method.as_str())
            .uri(format!("{}{}", self.collector, recorded.path));
        for (name, value) in recorded
            .headers
            .iter()
            .filter(|(name, _)| !is_of_the_connection(name))
        {
            request = request.header(name, value);
        }
        let answer = request
            .body(recorded.body.clone())
            .map_err(|error| error.to_string())
            .and_then(|request| self.agent.run(request).map_err(|error| error.to_string()));
        match answer {
            Ok(mut answer) => {
                let body = answer.body_mut().read_to_vec().unwrap_or_default();
                let mut response = Response::from_data(body).with_status_code(answer.status().as_u16());
                for (name, value) in answer.headers() {
                    if !is_of_the_connection(name.as_str())
                        && let Ok(header) = Header::from_bytes(name.as_str(), value.as_bytes())
                    {
                        response.add_header(header);
                    }
                }
                response
            }
            Err(error) => with_type(format!("the collector did not answer: {error}"), "text/plain")
                .with_status_code(502),
        }
    }
}

/// Headers that speak of one connection and are not handed on
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1>).
fn is_of_the_connection(name: &str) -> bool {
    matches!(
        name,
        "host" | "connection" | "keep-alive" | "content-length" | "transfer-encoding" | "te" | "upgrade"
    )
}

fn record(request: &mut Request) -> RecordedRequest {
    let mut body = Vec::new();
    let _ = request.as_reader().read_to_end(&mut body);
    RecordedRequest {
        method: request.method().to_string(),
        path: request.url().to_owned(),
        headers: request
            .headers()
            .iter()
            .map(|header| {
                (
                    header.field.as_str().as_str().to_ascii_lowercase(),
                    header.value.to_string(),
                )
            })
            .collect(),
        body,
    }
}

fn html(text: &str) -> Answer {
    with_type(text.to_owned(), "text/html; charset=utf-8")
}

fn with_type(text: String, media_type: &str) -> Answer {
    let mut response = Response::from_data(text.into_bytes());
    if let Ok(header) = Header::from_bytes("Content-Type", media_type) {
        response.add_header(header);
    }
    response
}

/// The answer for what is not there, such as an icon that a browser asks for by itself.
fn nothing() -> Answer {
    Response::from_data(Vec::new()).with_status_code(404)
}
