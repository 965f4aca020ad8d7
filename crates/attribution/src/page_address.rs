//! A page's address without its query and fragment, which may hold a visitor's data.

use crate::limits::PAGE_ADDRESS_BYTES_MAX;
use crate::personal_data::holds_email_address;
use crate::pieces::{Separators, cut, pieces};

/// Origin and path, such as `https://www.example.com/pricing`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageAddress(String);

impl PageAddress {
    /// Cuts an address down to origin and path; `None` where it is not an http(s) address. A path over the limit
    /// is left out, because half a path misleads, and so is one that holds an e-mail address.
    #[must_use]
    pub fn of(href: &str) -> Option<Self> {
        let (address, _) = cut(href, const { Separators::any_of(b"?#") });
        let (scheme, rest) = split_scheme(address)?;
        let (authority, path) = cut(rest, b'/');
        // A user name before `@` is a person's, and never part of an origin.
        let host = pieces(authority, b'@').last()?;
        if host.is_empty() || address.bytes().any(|byte| byte < b' ') {
            return None;
        }
        let mut kept = String::from(scheme);
        kept.push_str(host);
        if let Some(path) = path {
            kept.push('/');
            if kept.len() + path.len() <= PAGE_ADDRESS_BYTES_MAX && !holds_email_address(path) {
                kept.push_str(path);
            }
        }
        (kept.len() <= PAGE_ADDRESS_BYTES_MAX).then_some(Self(kept))
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port, without a leading `www.`, by which a site knows its own pages.
    #[must_use]
    pub fn site_host(&self) -> &str {
        let after_scheme = split_scheme(&self.0).map_or("", |(_, rest)| rest);
        let (host, _) = cut(after_scheme, b'/');
        host.strip_prefix("www.").unwrap_or(host)
    }
}

/// `https://` or `http://`, and the rest; no other scheme is a page of ours.
fn split_scheme(address: &str) -> Option<(&'static str, &str)> {
    for scheme in ["https://", "http://"] {
        if let Some(rest) = address.strip_prefix(scheme) {
            return Some((scheme, rest));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_origin_and_path_only() {
        let table = [
            (
                "https://www.example.com/lp?gclid=x#top",
                Some("https://www.example.com/lp"),
            ),
            ("https://www.example.com", Some("https://www.example.com")),
            (
                "http://localhost:8787/a/b#/route?x",
                Some("http://localhost:8787/a/b"),
            ),
            ("https://ann:secret@example.com/x", Some("https://example.com/x")),
            (
                "https://example.com/unsubscribe/ann@example.org/now",
                Some("https://example.com/"),
            ),
            (
                "https://example.com/users/ann%40example.org",
                Some("https://example.com/"),
            ),
            (
                "https://example.com/@ann.lee/story",
                Some("https://example.com/@ann.lee/story"),
            ),
            ("android-app://com.google", None),
            ("about:blank", None),
            ("https://", None),
            ("", None),
        ];
        for (href, expected) in table {
            assert_eq!(
                PageAddress::of(href).as_ref().map(PageAddress::as_str),
                expected,
                "{href}"
            );
        }
    }

    #[test]
    fn a_path_over_the_limit_leaves_the_origin() {
        let href = format!("https://example.com/{}", "p".repeat(3_000));
        assert_eq!(
            PageAddress::of(&href).as_ref().map(PageAddress::as_str),
            Some("https://example.com/")
        );
    }

    #[test]
    fn www_is_the_same_site() {
        let host = |href| PageAddress::of(href).map(|address| address.site_host().to_owned());
        assert_eq!(host("https://www.example.com/a"), host("https://example.com/b"));
        assert_ne!(host("https://shop.example.com/a"), host("https://example.com/b"));
    }
}
