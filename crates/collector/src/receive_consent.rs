//! `POST v1/consent`: sets the durable cookie after a grant, and expires it after a withdrawal. Nothing is stored here.

use attribution::consent_notice::{Arrival, CookieAnswer, ReceivedConsentNotice};
use attribution::limits::CONSENT_NOTICE_BODY_BYTES_MAX;
use attribution::timestamp::Timestamp;
use serde::Serialize;

use crate::page_post::{self, Answered, RefusedPost};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::store::Store;
use crate::store::database::Database;

#[derive(Serialize)]
struct Receipt {
    result: &'static str,
    reason: &'static str,
}

/// Answers a notice with the cookie that follows from it.
///
/// # Errors
/// The first rule that the request breaks; then no cookie changes.
pub async fn receive<D: Database>(request: &Request, store: &Store<D>, now: Timestamp) -> Answered {
    let body = page_post::body(request, CONSENT_NOTICE_BODY_BYTES_MAX)?;
    let received = ReceivedConsentNotice::from_json(body).map_err(Refusal::from)?;
    let site = page_post::site_of_page(request.origin.as_deref(), store, received.site()).await?;
    match cookie(request, received, now) {
        Ok(answer) => Ok((reply(answer), site)),
        Err(refusal) => Err(RefusedPost::of(refusal, site)),
    }
}

fn cookie(
    request: &Request,
    received: ReceivedConsentNotice,
    now: Timestamp,
) -> Result<CookieAnswer, Refusal> {
    let arrival = Arrival {
        page_origin: request.origin.as_deref().unwrap_or_default(),
        own_origin: &request.own_origin,
        sec_purpose: request.sec_purpose.as_deref().unwrap_or_default(),
        sec_gpc: request.sec_gpc.as_deref().unwrap_or_default(),
    };
    Ok(received.accept(now)?.answer(arrival, now)?)
}

fn reply(answer: CookieAnswer) -> Reply {
    let receipt = Receipt {
        result: answer.result.name(),
        reason: answer.reason,
    };
    let cookies = answer.set_cookies.into_iter();
    cookies.fold(Reply::json(200, &receipt), |reply, cookie| {
        reply.with_header("Set-Cookie", cookie)
    })
}
