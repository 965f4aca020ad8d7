//! What a page's script posts: the checks that every such request passes before its room looks inside.

use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::request::Request;
use crate::site::Site;
use crate::store::Store;
use crate::store::database::Database;

/// `text/plain` is what the script sends: it needs no preflight, so it still leaves when the page goes away.
const MEDIA_TYPES: &str = "Send text/plain or application/json.";

/// A room's answer along with the site, because its origins decide the CORS headers.
pub type Answered = Result<(Reply, Site), RefusedPost>;

/// A refused post, and the site that it is counted for, as far as that is known.
#[derive(Debug)]
pub struct RefusedPost {
    /// Why.
    pub refusal: Refusal,
    /// The site, once the post has named one that exists.
    pub site: Option<Site>,
}

impl RefusedPost {
    /// A post of a page of this site.
    pub(crate) fn of(refusal: Refusal, site: Site) -> Self {
        Self {
            refusal,
            site: Some(site),
        }
    }
}

impl From<Refusal> for RefusedPost {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, site: None }
    }
}

/// The body of a script's post, if it came whole and in a media type that is read here.
///
/// # Errors
/// The first rule that the request breaks.
pub fn body(request: &Request, bytes_max: usize) -> Result<&[u8], Refusal> {
    let body = request.whole_body(bytes_max)?;
    if matches!(request.media_type().as_str(), "text/plain" | "application/json") {
        Ok(body)
    } else {
        Err(Refusal::MediaType(MEDIA_TYPES))
    }
}

/// The site of that id, if the page of that origin is one of its pages.
///
/// # Errors
/// When there is no such site, the page is another's, or the store fails.
pub async fn site_of_page<D: Database>(
    page_origin: Option<&str>,
    store: &Store<D>,
    id: &str,
) -> Result<Site, RefusedPost> {
    let site = store.site(id).await.map_err(Refusal::from)?;
    let site = site.ok_or(Refusal::SiteUnknown)?;
    if site.allows(page_origin) {
        Ok(site)
    } else {
        Err(RefusedPost::of(Refusal::OriginNotAllowed, site))
    }
}
