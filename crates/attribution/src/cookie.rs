//! The text of the cookie: what `document.cookie` gives and what it takes
//! (<https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1>).

use crate::digits::push_number;
use crate::pieces::{cut, pieces};
use crate::visit_record::RECORD_NAME;

const DAY_SECONDS: u64 = 86_400;

/// Every value that is kept under our name; several cookies of one name can coexist, one for each domain and path.
pub fn values(cookies: &str) -> impl Iterator<Item = &str> {
    pieces(cookies, b';').filter_map(|cookie| {
        let (name, value) = cut(cookie, b'=');
        value.filter(|_| name.trim_ascii() == RECORD_NAME)
    })
}

/// Keeps a value for so many days; none deletes it. A page without https can set no `Secure` cookie.
#[must_use]
pub fn keep(value: &str, days: u16, page: &str) -> String {
    let mut seconds = String::new();
    push_number(&mut seconds, u64::from(days) * DAY_SECONDS, 10, 1);
    let secure = if page.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    let attributes = "; Path=/; SameSite=Lax; Max-Age=";
    [RECORD_NAME, "=", value, attributes, &seconds, secure].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cookies_of_exactly_our_name_are_ours() {
        let table: [(&str, &[&str]); 6] = [
            ("", &[]),
            ("throughline=a", &["a"]),
            ("x=1; throughline=a=b; throughline=; y=2", &["a=b", ""]),
            ("throughline; throughline2=a; xthroughline=a", &[]),
            ("x=throughline=a", &[]),
            ("Throughline=a", &[]),
        ];
        for (cookies, expected) in table {
            assert_eq!(values(cookies).collect::<Vec<_>>(), expected, "{cookies}");
        }
    }

    #[test]
    fn a_cookie_is_kept_for_its_days_and_deleted_by_none() {
        for (value, days, page, expected) in [
            (
                "1|a",
                90,
                "https://a.example/",
                "throughline=1|a; Path=/; SameSite=Lax; Max-Age=7776000; Secure",
            ),
            (
                "",
                0,
                "http://localhost/",
                "throughline=; Path=/; SameSite=Lax; Max-Age=0",
            ),
        ] {
            assert_eq!(keep(value, days, page), expected);
        }
    }
}
