//! The patterns and the table of sources; `tests/golden/channels.csv` holds whole touches.

use super::*;

#[test]
fn of_which_kind_a_source_is() {
    let table = [
        ("chatgpt.com", "/", Some(SourceKind::AiAssistant)),
        ("www.perplexity.ai", "/search/x", Some(SourceKind::AiAssistant)),
        ("gemini.google.com", "/", Some(SourceKind::AiAssistant)),
        ("x.com", "/i/grok", Some(SourceKind::AiAssistant)),
        ("x.com", "/somebody", Some(SourceKind::Social)),
        ("notx.com", "/", None),
        ("google.com", "/", Some(SourceKind::Search)),
        ("google.de", "/", Some(SourceKind::Search)),
        ("google.co.uk", "/", Some(SourceKind::Search)),
        ("google.com.br", "/search", Some(SourceKind::Search)),
        ("news.google.fr", "/", Some(SourceKind::Search)),
        ("google.com", "/products/1", Some(SourceKind::Shopping)),
        ("docs.google.com", "/document", None),
        ("mail.google.com", "/", None),
        ("google.evil.example", "/", None),
        ("google.evil", "/", None),
        ("evilgoogle.com", "/", None),
        ("de.bing.com", "/", Some(SourceKind::Search)),
        ("evil.bing.com", "/", None),
        ("de.search.yahoo.com", "/", Some(SourceKind::Search)),
        ("s2-eu4.startpage.com", "/", Some(SourceKind::Search)),
        ("l.facebook.com", "/", Some(SourceKind::Social)),
        ("facebook.com.evil.example", "/", None),
        ("old.reddit.com", "/r/x", Some(SourceKind::Social)),
        ("m.youtube.com", "/watch", Some(SourceKind::Video)),
        ("smile.amazon.co.jp", "/", Some(SourceKind::Shopping)),
        ("google", "", Some(SourceKind::Search)),
        ("facebook", "", Some(SourceKind::Social)),
        ("newsletter", "", None),
        ("", "", None),
        (".", "/", None),
        ("{}", "/", None),
    ];
    for (host, path, kind) in table {
        assert_eq!(SourceKind::of(host, path), kind, "{host}{path}");
    }
}

#[cfg(feature = "collector")]
#[test]
fn the_collector_finds_the_same_kind_as_the_browser() {
    let mut known = 0;
    let mut compare = |host: &str, path: &str| {
        let expected = source::kind_of(host, path);
        known += usize::from(expected.is_some());
        assert_eq!(SourceKind::of(host, path), expected, "{host}{path}");
    };
    for entry in source::SOURCES.split(['\n', ' ']) {
        let entry = entry.trim_start_matches('.');
        let (pattern, path) = entry.split_at(entry.find('/').unwrap_or(entry.len()));
        compare(&pattern.replace("{}", "de"), path);
        compare(&format!("x.{}", pattern.replace("{}", "com")), path);
        if entry.contains(['{', '/']) {
            for placeholder in ["co.uk", "evil", "{}", ""] {
                let host = pattern.replace("{}", placeholder);
                compare(&host, path);
                compare(&host, "/");
                compare(&format!("{host}.example"), path);
            }
        }
    }
    assert!(known > 700, "{known}");
}

#[test]
fn which_words_are_a_shop() {
    for (campaign, is) in [
        ("shop", true),
        ("eshop", true),
        ("spring_shop", true),
        ("google shopping", true),
        ("windowshopping", true),
        ("workshop", false),
        ("bishop", false),
        ("sho", false),
        ("", false),
    ] {
        assert_eq!(medium::names_shopping(campaign), is, "{campaign}");
    }
}

#[test]
fn a_page_gives_its_host_and_path() {
    let table = [
        ("https://www.google.com/", "google.com", "/"),
        ("http://localhost:8787/a/b", "localhost", "/a/b"),
        ("https://example.com", "example.com", ""),
    ];
    for (href, host, path) in table {
        let page = PageAddress::of(href);
        assert_eq!(host_and_path(page.as_ref()), (host, path), "{href}");
    }
    assert_eq!(host_and_path(None), ("", ""));
}
