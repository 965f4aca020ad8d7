//! `fbc`: the click id as the cookie `_fbc` would hold it, `fb.{index}.{ms}.{fbclid}`
//! (<https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc>). What the cookie itself
//! said is taken byte for byte before anything is rebuilt.

use crate::timestamp::Timestamp;
use crate::touch::Touch;

/// The `fbc` of a click. `cookie_domain` is where the cookie of Meta's pixel stands on this site, if anybody has said
/// so; Meta asks for the index 1 where there is no cookie.
#[must_use]
pub fn of_click(touch: &Touch, clicked_at: Timestamp, cookie_domain: Option<&str>) -> Option<String> {
    match &touch.fbc {
        Some(fbc) => Some(fbc.clone()),
        None => rebuild(touch.landing.value("fbclid")?, clicked_at, cookie_domain),
    }
}

/// Rebuilds an `fbc`. The index counts the parts of the cookie's domain less one; the moment is when the click id was
/// first seen, never now; the id keeps its case. `None` for an id with other characters than Meta's: its own library
/// drops such ids too.
#[must_use]
pub fn rebuild(fbclid: &str, first_seen_at: Timestamp, cookie_domain: Option<&str>) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if fbclid.is_empty() || !fbclid.bytes().all(is_plain) {
        return None;
    }
    let parts = |domain: &str| domain.split('.').filter(|part| !part.is_empty()).count();
    let index = cookie_domain.map_or(1, |domain| parts(domain).saturating_sub(1));
    Some(format!("fb.{index}.{}.{fbclid}", first_seen_at.ms()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// V68 and V69, which agree with Meta's own parameter builder; the index 1 without a cookie is Meta's rule.
    #[test]
    fn is_rebuilt_exactly() {
        let long = "AbCdEfGhIjKlMnOpQrStUvWxYz1234567890";
        for (fbclid, ms, domain, expected) in [
            (
                long,
                1_554_763_741_205,
                Some("example.com"),
                Some("fb.1.1554763741205.AbCdEfGhIjKlMnOpQrStUvWxYz1234567890"),
            ),
            (
                "AbC-1_x",
                1_795_435_200_000,
                Some("example.co.uk"),
                Some("fb.2.1795435200000.AbC-1_x"),
            ),
            (
                "AbC-1_x",
                1_795_435_200_000,
                Some(".example.com"),
                Some("fb.1.1795435200000.AbC-1_x"),
            ),
            ("AbC-1_x", 1, None, Some("fb.1.1.AbC-1_x")),
            ("AbC.1", 1, None, None),
            ("AbC 1", 1, None, None),
            ("", 1, None, None),
        ] {
            let fbc = rebuild(fbclid, Timestamp::from_ms(ms), domain);
            assert_eq!(fbc.as_deref(), expected, "{fbclid}");
        }
    }
}
