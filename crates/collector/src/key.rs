//! A key: what a CRM or a report shows instead of the admin token. It opens one site, and of it only what its scopes say.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::request::SECRET_BYTES;

/// How every key begins, so that a scanner of leaked secrets knows one when it sees it.
const PREFIX: &str = "tl_";

/// What a key is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Telling outcomes.
    Outcomes,
    /// Reading leads, outcomes and deliveries.
    Read,
    /// The site's settings, and forgetting persons. It includes the other two.
    Admin,
}

impl Scope {
    /// The scope of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Outcomes, Self::Read, Self::Admin]
            .into_iter()
            .find(|scope| scope.name() == name)
    }

    /// Its name in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Outcomes => "outcomes",
            Self::Read => "read",
            Self::Admin => "admin",
        }
    }
}

/// A key's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Key {
    /// The id in `v1/keys/{id}`.
    pub key_id: String,
    /// The only site that it opens.
    pub site: String,
    /// What it is good for.
    pub scopes: Vec<Scope>,
}

impl Key {
    /// Whether the key is good for that.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }
}

/// The two parts of a key as it is shown: `tl_{id}_{secret}`. The id is public and finds the row, so no secret is ever
/// looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyText<'a> {
    /// The id.
    pub key_id: &'a str,
    /// The secret.
    pub secret: &'a str,
}

impl<'a> KeyText<'a> {
    /// Takes a text apart; `None` where it is no key.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        // An id holds no underscore, a secret may.
        let (key_id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        (!key_id.is_empty() && !secret.is_empty()).then_some(Self { key_id, secret })
    }

    /// The text that its holder shows.
    #[must_use]
    pub fn write(self) -> String {
        format!("{PREFIX}{}_{}", self.key_id, self.secret)
    }
}

/// A secret of these random bytes: 32 characters that survive headers, shells and addresses.
#[must_use]
pub fn secret_of(random: [u8; SECRET_BYTES]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written() {
        let secret = secret_of([0xff; SECRET_BYTES]);
        assert_eq!(secret.len(), 32);
        let text = KeyText {
            key_id: "crm-1",
            secret: &secret,
        };
        assert_eq!(KeyText::parse(&text.write()), Some(text));
        let with_underscores = KeyText {
            key_id: "crm",
            secret: "_a_b_",
        };
        assert_eq!(KeyText::parse(&with_underscores.write()), Some(with_underscores));
    }

    #[test]
    fn err_other_texts_are_no_keys() {
        for text in [
            "",
            "tl_",
            "tl__secret",
            "tl_crm_",
            "tl_crm",
            "crm_secret",
            "TL_crm_secret",
        ] {
            assert_eq!(KeyText::parse(text), None, "{text}");
        }
    }

    #[test]
    fn admin_includes_the_other_scopes_and_none_includes_admin() {
        let key = |scopes: &[Scope]| Key {
            key_id: String::new(),
            site: String::new(),
            scopes: scopes.to_vec(),
        };
        let all = [Scope::Outcomes, Scope::Read, Scope::Admin];
        for scope in all {
            assert!(key(&[Scope::Admin]).has(scope));
            assert_eq!(Scope::named(scope.name()), Some(scope));
            assert_eq!(key(&[Scope::Outcomes]).has(scope), scope == Scope::Outcomes);
            assert_eq!(key(&[Scope::Read]).has(scope), scope == Scope::Read);
            assert!(!key(&[]).has(scope));
        }
    }
}
