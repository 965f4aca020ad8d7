//! One line of the log for each request, as JSON: what was asked and what came of it, in words of this program alone.
//! A path, a header or a body may hold a visitor's data, so nothing of them is written.

use serde::Serialize;

use crate::reply::Reply;
use crate::request::Request;
use crate::route::Route;

/// The methods that have a name here.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// What the log says of one request.
#[derive(Debug, Serialize)]
pub struct LogLine<'a> {
    request_id: &'a str,
    method: &'static str,
    route: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl<'a> LogLine<'a> {
    /// What came of a request.
    #[must_use]
    pub fn of(request: &'a Request, reply: &Reply) -> Self {
        let method = METHODS.into_iter().find(|method| *method == request.method);
        Self {
            request_id: &request.request_id,
            method: method.unwrap_or("other"),
            route: Route::of(&request.path).map_or("unknown", Route::name),
            status: reply.status,
            code: reply.code,
        }
    }

    /// The line.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    #[test]
    fn a_line_says_what_came_of_a_request_and_nothing_that_was_in_it() {
        let request = Request {
            request_id: "8f2a0b1c2d3e4f50".to_owned(),
            method: "POST".to_owned(),
            path: "/throughline/v1/leads".to_owned(),
            ..Request::default()
        };
        let line = |request: &Request, reply: &Reply| LogLine::of(request, reply).to_json();
        assert_eq!(
            line(&request, &Reply::empty(204)),
            r#"{"request_id":"8f2a0b1c2d3e4f50","method":"POST","route":"v1/leads","status":204}"#
        );
        assert_eq!(
            line(&request, &Refusal::SiteUnknown.reply("8f2a0b1c2d3e4f50")),
            r#"{"request_id":"8f2a0b1c2d3e4f50","method":"POST","route":"v1/leads","status":404,"code":"site_unknown"}"#
        );
        let strange = Request {
            method: "ann@example.com".to_owned(),
            path: "/throughline/ann@example.com".to_owned(),
            ..request
        };
        assert_eq!(
            line(&strange, &Reply::empty(404)),
            r#"{"request_id":"8f2a0b1c2d3e4f50","method":"other","route":"unknown","status":404}"#
        );
    }
}
