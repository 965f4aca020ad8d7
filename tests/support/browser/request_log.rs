//! What reached the server. A test believes this, not what the page says of itself.

use std::fmt::Write as _;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::deadline::Deadline;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// `GET`, `POST` …
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: Vec<u8>,
    /// When it was read to its end.
    pub arrived_at: Instant,
    /// Whether the answer is on its way back.
    pub is_answered: bool,
}

impl RecordedRequest {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body of a form post (`application/x-www-form-urlencoded`), decoded.
    #[must_use]
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// Every field of a form post in order, urlencoded or in parts; another body is one field without a name.
    #[must_use]
    pub fn fields(&self) -> Vec<(String, String)> {
        let media_type = self.header("content-type").unwrap_or_default();
        if media_type.starts_with("application/x-www-form-urlencoded") {
            return self.form();
        }
        match media_type.split_once("multipart/form-data; boundary=") {
            Some((_, boundary)) => fields_in_parts(&self.body_text(), boundary),
            None => vec![(String::new(), self.body_text())],
        }
    }

    /// The only value of a form field.
    ///
    /// # Panics
    /// When the field was sent twice or not at all.
    #[must_use]
    pub fn form_value(&self, name: &str) -> String {
        let form = self.form();
        let values: Vec<&String> = form
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, value)| value)
            .collect();
        assert!(
            values.len() == 1,
            "the form was sent with {} values of `{name}`: {form:?}",
            values.len()
        );
        values[0].clone()
    }
}

/// Names and values of `multipart/form-data` without files (<https://www.rfc-editor.org/rfc/rfc7578#section-4>).
fn fields_in_parts(body: &str, boundary: &str) -> Vec<(String, String)> {
    let field = |part: &str| {
        let (head, value) = part.strip_suffix("\r\n")?.split_once("\r\n\r\n")?;
        let (name, _) = head.split_once("name=\"")?.1.split_once('"')?;
        Some((name.to_owned(), value.to_owned()))
    };
    body.split(&format!("--{boundary}")).filter_map(field).collect()
}

/// What a request must be like, for [`RequestLog::wait_for`] and [`super::Stage::expect_in_action`].
#[derive(Clone, Debug)]
pub struct Expected {
    method: &'static str,
    path_start: &'static str,
    holds: Vec<String>,
    is_answered: bool,
}

impl Expected {
    /// A POST whose path begins so.
    #[must_use]
    pub fn post(path_start: &'static str) -> Expected {
        Expected {
            method: "POST",
            path_start,
            holds: Vec::new(),
            is_answered: false,
        }
    }

    /// Any request whose path begins so.
    #[must_use]
    pub fn any(path_start: &'static str) -> Expected {
        Expected {
            method: "",
            path_start,
            holds: Vec::new(),
            is_answered: false,
        }
    }

    /// … and whose body holds this text.
    #[must_use]
    pub fn holding(mut self, text: impl Into<String>) -> Expected {
        self.holds.push(text.into());
        self
    }

    /// … and which has its answer.
    #[must_use]
    pub fn answered(mut self) -> Expected {
        self.is_answered = true;
        self
    }

    fn is_met_by(&self, request: &RecordedRequest) -> bool {
        let body = request.body_text();
        (self.method.is_empty() || self.method == request.method)
            && request.path.starts_with(self.path_start)
            && (request.is_answered || !self.is_answered)
            && self.holds.iter().all(|text| body.contains(text))
    }
}

/// Every request in the order of its arrival.
#[derive(Default)]
pub struct RequestLog {
    requests: Mutex<Vec<RecordedRequest>>,
    arrived: Condvar,
}

impl RequestLog {
    /// Its number is what [`RequestLog::answered`] asks for.
    pub(super) fn add(&self, request: RecordedRequest) -> usize {
        let mut requests = self.lock();
        requests.push(request);
        self.arrived.notify_all();
        requests.len() - 1
    }

    pub(super) fn answered(&self, number: usize) {
        if let Some(request) = self.lock().get_mut(number) {
            request.is_answered = true;
        }
        self.arrived.notify_all();
    }

    /// How many requests have come so far: a mark to look back to.
    #[must_use]
    pub fn mark(&self) -> usize {
        self.lock().len()
    }

    /// All requests like `expected` since the mark.
    #[must_use]
    pub fn found(&self, expected: &Expected, since: usize) -> Vec<RecordedRequest> {
        self.lock()
            .iter()
            .skip(since)
            .filter(|request| expected.is_met_by(request))
            .cloned()
            .collect()
    }

    /// Waits for a request like `expected`, at or after the mark.
    ///
    /// # Panics
    /// When none comes; the message lists what came instead.
    pub fn wait_for(&self, expected: &Expected, since: usize) -> RecordedRequest {
        let deadline = Deadline::default();
        let mut requests = self.lock();
        loop {
            if let Some(request) = requests
                .iter()
                .skip(since)
                .find(|request| expected.is_met_by(request))
            {
                return request.clone();
            }
            let left = deadline.left();
            assert!(
                !left.is_zero(),
                "no request came like {expected:?}; these did:\n{}",
                listing(&requests, since)
            );
            requests = self
                .arrived
                .wait_timeout(requests, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// What came since the mark, a line for each request.
    #[must_use]
    pub fn listing(&self, since: usize) -> String {
        listing(&self.lock(), since)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RecordedRequest>> {
        // A test that failed in another thread is no reason to hide what was recorded.
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn listing(requests: &[RecordedRequest], since: usize) -> String {
    let mut text = String::new();
    for request in requests.iter().skip(since) {
        let _ = writeln!(
            text,
            "  {} {} {}",
            request.method,
            request.path,
            request.body_text()
        );
    }
    text
}
