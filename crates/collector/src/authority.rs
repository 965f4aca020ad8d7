//! Who may do what: the admin token, and the user and password of a feed. Secrets are compared as SHA-256 digests in
//! constant time, so that an answer's duration tells nothing of how much was right.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::destination::Login;
use crate::refusal::Refusal;
use crate::request::Request;

/// Lets a request through that carries the admin token.
///
/// # Errors
/// [`Refusal::AdminTokenUnset`] in a deployment without the secret, whatever the request says; else
/// [`Refusal::TokenInvalid`].
pub fn check_admin(request: &Request, admin_token: Option<&str>) -> Result<(), Refusal> {
    let admin_token = admin_token
        .filter(|token| !token.is_empty())
        .ok_or(Refusal::AdminTokenUnset)?;
    let given = request.credentials("Bearer").ok_or(Refusal::TokenInvalid)?;
    if is_same(&sha256_hex(given), &sha256_hex(admin_token)) {
        Ok(())
    } else {
        Err(Refusal::TokenInvalid)
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
    fn only_the_admin_token_is_let_through() {
        let table = [
            ("Bearer secret", Some("secret"), Ok(())),
            ("bearer secret", Some("secret"), Ok(())),
            ("Bearer secret2", Some("secret"), Err(Refusal::TokenInvalid)),
            ("Bearer ", Some("secret"), Err(Refusal::TokenInvalid)),
            ("Basic secret", Some("secret"), Err(Refusal::TokenInvalid)),
            ("secret", Some("secret"), Err(Refusal::TokenInvalid)),
            ("", Some("secret"), Err(Refusal::TokenInvalid)),
            ("Bearer secret", None, Err(Refusal::AdminTokenUnset)),
            ("Bearer ", Some(""), Err(Refusal::AdminTokenUnset)),
        ];
        for (authorization, token, expected) in table {
            assert_eq!(
                check_admin(&request(authorization), token),
                expected,
                "{authorization}"
            );
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
