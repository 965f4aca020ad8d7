//! Of which kind a source is: the table of `data/channels/sources.txt`, whose README tells where it comes from.

use crate::pieces::{cut, pieces};

// `SOURCES`: a line for each kind, its letter first, then its hosts and words.
include!(concat!(env!("OUT_DIR"), "/channel_sources.rs"));

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceKind {
    AiAssistant,
    Shopping,
    Video,
    Social,
    Search,
}

impl SourceKind {
    /// The kind of a host, or of a word that people write for a source; `None` where nobody knows it.
    pub(super) fn of(host: &str, path: &str) -> Option<Self> {
        let host = host.strip_prefix("www.").unwrap_or(host);
        for line in pieces(SOURCES, b"\n") {
            let mut words = pieces(line, b" ");
            let letter = words.next();
            if words.any(|entry| is_of(host, path, entry)) {
                return Some(match letter {
                    Some("a") => Self::AiAssistant,
                    Some("p") => Self::Shopping,
                    Some("v") => Self::Video,
                    Some("s") => Self::Social,
                    _ => Self::Search,
                });
            }
        }
        None
    }
}

/// An entry with a leading dot stands for everything below its host too.
fn is_of(host: &str, path: &str, entry: &str) -> bool {
    let (entry, with_subdomains) = match entry.strip_prefix('.') {
        Some(entry) => (entry, true),
        None => (entry, false),
    };
    let (pattern, path_pattern) = match entry.bytes().position(|byte| byte == b'/') {
        Some(place) => entry.split_at(place),
        None => (entry, ""),
    };
    if !path.starts_with(path_pattern) {
        return false;
    }
    let mut candidate = Some(host);
    while let Some(host) = candidate {
        if is_host(host, pattern) {
            return true;
        }
        candidate = cut(host, b".").1.filter(|_| with_subdomains);
    }
    false
}

fn is_host(host: &str, pattern: &str) -> bool {
    let (before, Some(after)) = cut(pattern, b"{") else {
        return host == pattern;
    };
    let after = after.strip_prefix('}').unwrap_or(after);
    let between = host
        .strip_prefix(before)
        .and_then(|rest| rest.strip_suffix(after));
    between.is_some_and(|between| {
        if after.is_empty() {
            is_country_ending(between)
        } else {
            is_country(between)
        }
    })
}

/// `de`, `com`, `co.uk`, `com.br`, as Matomo reads its placeholder.
fn is_country_ending(ending: &str) -> bool {
    match cut(ending, b".") {
        (only, None) => only == "com" || is_country(only),
        (first, Some(country)) => {
            matches!(first, "com" | "co" | "org" | "net" | "it" | "edu") && is_country(country)
        }
    }
}

fn is_country(label: &str) -> bool {
    label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_lowercase())
}
