//! `POST v1/leads` from a plain HTML form, where no script runs: the lead is committed, then the visitor is sent on to a
//! page of the very site that the form stands on.

use std::convert::Infallible;

use attribution::lead::{FormArrival, PostedForm};
use attribution::limits::LEAD_BODY_BYTES_MAX;
use attribution::timestamp::Timestamp;
use futures_util::stream;
use multer::Multipart;

use crate::page_post::{self, Answered, RefusedPost};
use crate::receive_lead;
use crate::refusal::{AdminRefusal, Refusal};
use crate::reply::Reply;
use crate::request::Request;
use crate::site::Site;
use crate::store::database::Database;
use crate::store::leads::KeptLead;
use crate::store::{StorageError, Store};

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// Whether a browser sent the body for a form.
#[must_use]
pub fn is_form(request: &Request) -> bool {
    matches!(request.media_type().as_str(), URLENCODED | MULTIPART)
}

/// Takes the lead of a form: 303 to the next page, also when the form's lead_id was taken before. Its visitor is not the
/// one who could do anything about that, and the first lead stays.
///
/// # Errors
/// The first rule that the form breaks; then nothing is stored.
pub async fn receive<D: Database>(request: &Request, store: &Store<D>, now: Timestamp) -> Answered {
    let body = request.whole_body(LEAD_BODY_BYTES_MAX)?;
    let fields = fields(request, body).await?;
    let page = request.referer.as_deref().unwrap_or_default();
    let arrival = FormArrival {
        now,
        page,
        random: random(request)?,
    };
    let form = PostedForm::read(fields, arrival);
    let page_origin = request.page_origin();
    let site = page_post::site_of_page(page_origin, store, form.site()).await?;
    let next_page = form.next_page(page_origin.unwrap_or_default(), page);
    match keep(request, store, &site, form, now).await {
        Ok(()) => Ok((Reply::empty(303).with_header("Location", next_page), site)),
        Err(refusal) => Err(RefusedPost::of(refusal, site)),
    }
}

async fn keep<D: Database>(
    request: &Request,
    store: &Store<D>,
    site: &Site,
    form: PostedForm,
    now: Timestamp,
) -> Result<(), Refusal> {
    let is_honeypot_filled = form.is_honeypot_filled();
    let lead = receive_lead::check(request, form.into_lead(), now)?.suspected(is_honeypot_filled);
    match receive_lead::keep(request, store, site, &lead).await? {
        KeptLead::New | KeptLead::Same | KeptLead::Other => Ok(()),
        KeptLead::Erased => Err(Refusal::LeadErased),
        // In the moment between the reading of the site and this; the form may be sent again.
        KeptLead::SiteChanged => Err(StorageError::Unavailable.into()),
    }
}

/// A lead_id has 80 bits of its own, 40 in each number.
fn random(request: &Request) -> Result<[u64; 2], Refusal> {
    let bytes = request.random.ok_or(AdminRefusal::NoRandomness)?;
    let (numbers, _) = bytes.as_chunks::<8>();
    match numbers {
        [one, other, ..] => Ok([u64::from_le_bytes(*one), u64::from_le_bytes(*other)]),
        _ => Err(AdminRefusal::NoRandomness.into()),
    }
}

async fn fields(request: &Request, body: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    if request.media_type() == URLENCODED {
        return Ok(form_urlencoded::parse(body).into_owned().collect());
    }
    let boundary = multer::parse_boundary(request.content_type.as_deref().unwrap_or_default())
        .map_err(|_| Refusal::FormUnreadable)?;
    multipart(boundary, body.to_vec())
        .await
        .map_err(|_| Refusal::FormUnreadable)
}

/// Files are not read: what the visitor hands in is not for us.
async fn multipart(boundary: String, body: Vec<u8>) -> multer::Result<Vec<(String, String)>> {
    let whole = stream::once(async move { Ok::<_, Infallible>(body) });
    let mut multipart = Multipart::new(whole, boundary);
    let mut fields = Vec::new();
    while let Some(field) = multipart.next_field().await? {
        let name = field.name().map(str::to_owned);
        let is_file = field.file_name().is_some();
        let value = field.bytes().await?;
        if let Some(name) = name.filter(|_| !is_file) {
            fields.push((name, String::from_utf8_lossy(&value).into_owned()));
        }
    }
    Ok(fields)
}
