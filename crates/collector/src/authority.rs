//! Who may do what: the admin token, keys, and the user and password of a feed. Secrets are compared as SHA-256 digests in
//! constant time, so that an answer's duration tells nothing of how much was right.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::destination::Login;
use crate::key::{Key, KeyText, Scope};
use crate::refusal::{AdminRefusal, Refusal};
use crate::request::Request;
use crate::site::Site;
use crate::store::Store;
use crate::store::database::Database;

/// The site of a request that names none.
const SITE_DEFAULT: &str = "default";

/// As long as a digest, and the digest of nothing that anybody can find.
const NO_SECRET_SHA256: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Whoever deployed this, by the admin token: everything on every site.
    Deployment,
    /// Whoever was given this key: what its scopes say, on its own site.
    Key(Key),
}

impl Authority {
    /// Who shows these credentials.
    ///
    /// # Errors
    /// [`Refusal::AdminTokenUnset`] in a deployment without the secret, unless a key is shown; else
    /// [`Refusal::TokenInvalid`].
    pub async fn of<D: Database>(
        request: &Request,
        store: &Store<D>,
        admin_token: Option<&str>,
    ) -> Result<Self, Refusal> {
        let given = request.credentials("Bearer").unwrap_or_default();
        let admin_token = admin_token.filter(|token| !token.is_empty());
        // First, because whoever chose the token may have given it the look of a key.
        if admin_token.is_some_and(|token| is_same(&sha256_hex(given), &sha256_hex(token))) {
            return Ok(Self::Deployment);
        }
        match (KeyText::parse(given), admin_token) {
            (Some(text), _) => of_key(text, store).await,
            (None, Some(_)) => Err(Refusal::TokenInvalid),
            (None, None) => Err(Refusal::AdminTokenUnset),
        }
    }

    /// Who shows these credentials, if they are good for `scope`.
    ///
    /// # Errors
    /// [`AdminRefusal::ScopeMissing`], and those of [`Authority::of`].
    pub async fn with_scope<D: Database>(
        request: &Request,
        store: &Store<D>,
        admin_token: Option<&str>,
        scope: Scope,
    ) -> Result<Self, Refusal> {
        match Self::of(request, store, admin_token).await? {
            Self::Key(key) if !key.has(scope) => Err(AdminRefusal::ScopeMissing(scope).into()),
            authority => Ok(authority),
        }
    }

    /// Whether anything of that site may be seen. What may not be seen is answered for like what is not there.
    #[must_use]
    pub fn sees(&self, site: &str) -> bool {
        match self {
            Self::Deployment => true,
            Self::Key(key) => key.site == site,
        }
    }

    /// The site of this id.
    ///
    /// # Errors
    /// [`Refusal::SiteUnknown`] where there is none, or none that may be seen.
    pub async fn site<D: Database>(&self, store: &Store<D>, id: &str) -> Result<Site, Refusal> {
        if !self.sees(id) {
            return Err(Refusal::SiteUnknown);
        }
        store.site(id).await?.ok_or(Refusal::SiteUnknown)
    }

    /// What is said where another site has something of the id that was to be set: the holder of a key is not told of
    /// other sites.
    #[must_use]
    pub fn refusal_of_taken_id(&self) -> Refusal {
        match self {
            Self::Deployment => AdminRefusal::IdTaken.into(),
            Self::Key(_) => Refusal::NotFound,
        }
    }
}

/// The site that a request speaks of: the one that `?site=` names, else the key's own, else `default`.
///
/// # Errors
/// Those of [`Authority::with_scope`] and of [`Authority::site`].
pub async fn site_of<D: Database>(
    request: &Request,
    store: &Store<D>,
    admin_token: Option<&str>,
    scope: Scope,
) -> Result<Site, Refusal> {
    let authority = Authority::with_scope(request, store, admin_token, scope).await?;
    let named = request.query_value("site");
    let id = match (&authority, &named) {
        (_, Some(id)) => id,
        (Authority::Key(key), None) => &key.site,
        (Authority::Deployment, None) => SITE_DEFAULT,
    };
    authority.site(store, id).await
}

/// A key that does not exist is compared all the same, so that its answer takes as long as a wrong secret's.
async fn of_key<D: Database>(text: KeyText<'_>, store: &Store<D>) -> Result<Authority, Refusal> {
    let stored = store.key(text.key_id).await?;
    let expected = stored.as_ref().map(|(_, secret_sha256)| secret_sha256.as_str());
    let is_right = is_same(&sha256_hex(text.secret), expected.unwrap_or(NO_SECRET_SHA256));
    match stored {
        Some((key, _)) if is_right => Ok(Authority::Key(key)),
        _ => Err(Refusal::TokenInvalid),
    }
}

/// Lets a request through that carries the user and password of the feed. Where there is no such feed, or it has no
/// password, the answer is the same as for a wrong password.
///
/// # Errors
/// [`Refusal::FeedPasswordInvalid`].
pub fn check_feed(request: &Request, login: Option<&Login>) -> Result<(), Refusal> {
    let (user, password) = basic_credentials(request).ok_or(Refusal::FeedPasswordInvalid)?;
    let expected_user = login.map(|login| login.user.as_str()).unwrap_or_default();
    let expected_password = login
        .map(|login| login.password_sha256.as_str())
        .unwrap_or_default();
    // Both are always compared, so that a right user alone takes no longer.
    let user_is_same = is_same(&sha256_hex(&user), &sha256_hex(expected_user));
    let password_is_same = is_same(&sha256_hex(&password), expected_password);
    if login.is_some() & user_is_same & password_is_same {
        Ok(())
    } else {
        Err(Refusal::FeedPasswordInvalid)
    }
}

/// The hex SHA-256 of a text.
#[must_use]
pub fn sha256_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn basic_credentials(request: &Request) -> Option<(String, String)> {
    let decoded = STANDARD.decode(request.credentials("Basic")?).ok()?;
    let (user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(authorization: &str) -> Request {
        let authorization = Some(authorization.to_owned()).filter(|text| !text.is_empty());
        Request {
            authorization,
            ..Request::default()
        }
    }

    #[test]
    fn only_user_and_password_of_the_feed_are_let_through() {
        let login = Login {
            user: "ads".to_owned(),
            password_sha256: sha256_hex("p:w"),
        };
        let login = Some(&login);
        let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
        let table = [
            (basic("ads:p:w"), login, Ok(())),
            (basic("ads:wrong"), login, Err(Refusal::FeedPasswordInvalid)),
            (basic("Ads:p:w"), login, Err(Refusal::FeedPasswordInvalid)),
            (basic("ads"), login, Err(Refusal::FeedPasswordInvalid)),
            (basic(":"), login, Err(Refusal::FeedPasswordInvalid)),
            ("Basic !!!".to_owned(), login, Err(Refusal::FeedPasswordInvalid)),
            ("Bearer p:w".to_owned(), login, Err(Refusal::FeedPasswordInvalid)),
            (basic("ads:p:w"), None, Err(Refusal::FeedPasswordInvalid)),
            (basic(":"), None, Err(Refusal::FeedPasswordInvalid)),
        ];
        for (authorization, login, expected) in table {
            assert_eq!(
                check_feed(&request(&authorization), login),
                expected,
                "{authorization}"
            );
        }
    }
}
