//! Who counts as one sender for the platform's rate limiter. It stands before the store, so that a flood costs neither
//! reads nor written rows.

use std::net::{IpAddr, Ipv6Addr};

use crate::request::Request;
use crate::route::Route;

/// The sender of a request to a route that everybody may use; `None` for all others, which show a key, and where
/// nobody knows the address. One household or server has a whole /64 of IPv6 addresses
/// (<https://www.rfc-editor.org/rfc/rfc6177#section-2>).
#[must_use]
pub fn sender(request: &Request) -> Option<String> {
    let route = Route::of(&request.path)?;
    if !matches!(route, Route::Leads | Route::Consent) || request.method != "POST" {
        return None;
    }
    let address = match request.client_address.as_deref()?.trim().parse().ok()? {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => address
            .to_ipv4_mapped()
            .map_or_else(|| IpAddr::V6(network(address)), IpAddr::V4),
    };
    Some(format!("{} {address}", route.name()))
}

fn network(address: Ipv6Addr) -> Ipv6Addr {
    let [first, second, third, fourth, ..] = address.segments();
    Ipv6Addr::new(first, second, third, fourth, 0, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender_of(method: &str, path: &str, address: Option<&str>) -> Option<String> {
        sender(&Request {
            method: method.to_owned(),
            path: format!("/throughline/{path}"),
            client_address: address.map(str::to_owned),
            ..Request::default()
        })
    }

    #[test]
    fn a_household_is_one_sender_on_each_public_route() {
        for (address, expected) in [
            (Some("203.0.113.7"), Some("v1/leads 203.0.113.7")),
            (Some("::ffff:203.0.113.7"), Some("v1/leads 203.0.113.7")),
            (Some("2001:db8:1:2:3:4:5:6"), Some("v1/leads 2001:db8:1:2::")),
            (Some("2001:db8:1:2::9"), Some("v1/leads 2001:db8:1:2::")),
            (Some("2001:db8:1:3::9"), Some("v1/leads 2001:db8:1:3::")),
            (Some("ann@example.com"), None),
            (Some(""), None),
            (None, None),
        ] {
            assert_eq!(
                sender_of("POST", "v1/leads", address).as_deref(),
                expected,
                "{address:?}"
            );
        }
        let address = Some("203.0.113.7");
        assert_eq!(
            sender_of("POST", "v1/consent", address).as_deref(),
            Some("v1/consent 203.0.113.7")
        );
    }

    #[test]
    fn who_shows_a_key_or_only_looks_is_not_counted() {
        let address = Some("203.0.113.7");
        for (method, path) in [
            ("OPTIONS", "v1/leads"),
            ("GET", "v1/leads"),
            ("POST", "v1/outcomes"),
            ("GET", "feeds/google-demo/conversions.csv"),
            ("GET", "health"),
            ("POST", "nowhere"),
        ] {
            assert_eq!(sender_of(method, path, address), None, "{method} {path}");
        }
    }
}
