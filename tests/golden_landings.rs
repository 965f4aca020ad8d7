//! The golden landings: what is kept of a page's address, with the reason. Real browsers read the same file
//! (`browser/queries.rs`).

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use attribution::campaign::utm_parameters;
use attribution::click_id::ClickIdParameter;
use attribution::landing::Landing;
use attribution::limits::{CAMPAIGN_VALUE_BYTES_MAX, CLICK_ID_BYTES_MAX};
use serde::Deserialize;

#[derive(Deserialize)]
struct GoldenLanding {
    why: String,
    /// Query and fragment.
    query: String,
    kept: BTreeMap<String, String>,
    /// The rule of `Landing::from_href` by which this is not what `URLSearchParams` reads.
    #[serde(default)]
    rule: Option<String>,
}

fn landing(query: &str) -> Landing {
    let href = format!("https://www.example.com/lp{query}");
    Landing::from_href(&href, &["partner".to_owned()])
}

fn kept(query: &str) -> BTreeMap<String, String> {
    let landing = landing(query);
    let pairs = landing.pairs();
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// What `URLSearchParams.get` reads for every name that is kept, without the empty values.
fn read_by_the_standard(query: &str) -> BTreeMap<String, String> {
    let search = query.split('#').next().unwrap_or_default();
    let search = search.strip_prefix('?').unwrap_or(search);
    let names = ClickIdParameter::all().map(ClickIdParameter::name);
    names
        .chain(utm_parameters())
        .chain(["partner"])
        .filter_map(|name| {
            let mut pairs = form_urlencoded::parse(search.as_bytes());
            let (_, value) = pairs.find(|(other, _)| other == name)?;
            (!value.is_empty()).then(|| (name.to_owned(), value.into_owned()))
        })
        .collect()
}

#[test]
fn every_golden_landing() {
    let rows: Vec<GoldenLanding> =
        serde_json::from_str(include_str!("golden/landings.json")).expect("the golden landings");
    assert!(rows.len() >= 100, "{}", rows.len());
    for row in rows {
        let GoldenLanding {
            why,
            query,
            kept: expected,
            rule,
        } = row;
        assert_eq!(kept(&query), expected, "{why}: {query}");
        assert_eq!(
            rule.is_none(),
            read_by_the_standard(&query) == expected,
            "{why}: the rule is named where, and only where, the standard reads something else"
        );
    }
}

#[test]
fn an_id_is_kept_whole_or_not_at_all_and_a_campaign_is_cut() {
    for (name, length, expected) in [
        ("gclid", CLICK_ID_BYTES_MAX, Some(CLICK_ID_BYTES_MAX)),
        ("gclid", CLICK_ID_BYTES_MAX + 1, None),
        ("gclid", 2_000_000, None),
        (
            "utm_term",
            CAMPAIGN_VALUE_BYTES_MAX,
            Some(CAMPAIGN_VALUE_BYTES_MAX),
        ),
        (
            "utm_term",
            CAMPAIGN_VALUE_BYTES_MAX + 1,
            Some(CAMPAIGN_VALUE_BYTES_MAX),
        ),
        ("partner", 2_000_000, Some(CAMPAIGN_VALUE_BYTES_MAX)),
    ] {
        let query = format!("?{name}={}", "a".repeat(length));
        assert_eq!(
            landing(&query).value(name).map(str::len),
            expected,
            "{name} of {length}"
        );
    }
}

/// Sixteen times the query may take about sixteen times as long; what looks at every pair for every pair would take
/// 256 times as long. The limit between leaves room for a busy machine, and the quickest of some runs is taken.
#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "this test runs natively, where the clock does not panic"
)]
fn a_long_query_takes_no_longer_for_each_byte() {
    type Long = fn(usize) -> String;
    let kinds: [(&str, Long); 7] = [
        ("many unknown names", |size| {
            (0..size).map(|number| format!("&name{number}=x")).collect()
        }),
        ("one name many times", |size| "&utm_source=x".repeat(size)),
        ("one name in many cases", |size| "&GCLID=x".repeat(size)),
        ("many ampersands", |size| "&amp;".repeat(size)),
        ("one long name", |size| "amp;".repeat(size)),
        ("one long value", |size| {
            format!("&utm_source={}", "%40a@a.".repeat(size))
        }),
        ("one long number", |size| {
            format!("&utm_source=+{}", "1 ".repeat(size))
        }),
    ];
    for (kind, long) in kinds {
        let quickest = |size| {
            let query = format!("?{}", long(size));
            let runs = (0..5).map(|_| {
                #[allow(
                    clippy::disallowed_methods,
                    reason = "this program runs natively only, where the clock does not panic"
                )]
                let start = Instant::now();
                landing(&query);
                start.elapsed()
            });
            runs.min().expect("five runs").max(Duration::from_micros(20))
        };
        // A busy machine may take the processor away from every run of a round, but not from all rounds.
        let is_linear = (0..20).any(|_| quickest(4_000) < quickest(250) * 80);
        assert!(
            is_linear,
            "{kind}: sixteen times as much takes more than eighty times as long"
        );
    }
}

#[test]
fn ten_thousand_parameters_and_two_megabytes_hide_nothing() {
    let noise: String = (0..10_000).map(|number| format!("&name{number}=x")).collect();
    let long = format!("?x={}&gclid=AbC{noise}&utm_source=y", "%00".repeat(700_000));
    let broken = format!("{long}&{}fbclid=z", "amp;".repeat(500_000));
    assert_eq!(landing(&broken).value("fbclid"), Some("z"));
    let expected = [("gclid", "AbC"), ("utm_source", "y")].map(|(name, value)| (name.into(), value.into()));
    assert_eq!(kept(&long), BTreeMap::from(expected));
}
