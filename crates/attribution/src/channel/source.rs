//! Of which kind a source is: the table of `data/channels/sources.txt`, whose README tells where it comes from.

use crate::pieces::cut;

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
        // The browser asks once or twice in a visit, and its bytes decide; the collector asks four times for each lead.
        #[cfg(feature = "collector")]
        return index::kind_of(host, path);
        #[cfg(not(feature = "collector"))]
        return kind_of(host, path);
    }

    fn named(letter: &str) -> Self {
        match letter {
            "a" => Self::AiAssistant,
            "p" => Self::Shopping,
            "v" => Self::Video,
            "s" => Self::Social,
            _ => Self::Search,
        }
    }
}

/// Reads the table from its beginning: the first entry that fits decides.
#[cfg(any(test, not(feature = "collector")))]
pub(super) fn kind_of(host: &str, path: &str) -> Option<SourceKind> {
    use crate::pieces::pieces;

    for line in pieces(SOURCES, b'\n') {
        let mut words = pieces(line, b' ');
        let letter = words.next();
        if words.any(|entry| is_of(host, path, entry)) {
            return letter.map(SourceKind::named);
        }
    }
    None
}

/// The same answer without reading the whole table.
#[cfg(feature = "collector")]
mod index {
    use std::collections::HashMap;
    use std::sync::LazyLock;

    use super::{SOURCES, SourceKind, is_of};
    use crate::pieces::{Separators, pieces};

    /// An entry with the number of its line.
    type Entry = (usize, SourceKind, &'static str);

    /// The entries by their first label, `google` for `google.{}`; those that begin with a placeholder by the empty text.
    static ENTRIES: LazyLock<HashMap<&str, Vec<Entry>>> = LazyLock::new(|| {
        let mut entries: HashMap<&str, Vec<Entry>> = HashMap::new();
        for (number, line) in pieces(SOURCES, b'\n').enumerate() {
            let mut words = pieces(line, b' ');
            let kind = SourceKind::named(words.next().unwrap_or_default());
            for entry in words {
                let pattern = entry.strip_prefix('.').unwrap_or(entry);
                let label = pieces(pattern, const { Separators::any_of(b"./") })
                    .next()
                    .unwrap_or_default();
                let label = if label.contains('{') { "" } else { label };
                entries.entry(label).or_default().push((number, kind, entry));
            }
        }
        entries
    });

    /// An entry that fits begins with one of the host's labels, or with a placeholder.
    pub(super) fn kind_of(host: &str, path: &str) -> Option<SourceKind> {
        let labels = pieces(host, const { Separators::any_of(b"./") }).chain([""]);
        let entries = labels.filter_map(|label| ENTRIES.get(label)).flatten();
        let fitting = entries.filter(|(_, _, entry)| is_of(host, path, entry));
        let first = fitting.min_by_key(|(number, _, _)| *number);
        first.map(|(_, kind, _)| *kind)
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
        candidate = cut(host, b'.').1.filter(|_| with_subdomains);
    }
    false
}

fn is_host(host: &str, pattern: &str) -> bool {
    let (before, Some(after)) = cut(pattern, b'{') else {
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
    match cut(ending, b'.') {
        (only, None) => only == "com" || is_country(only),
        (first, Some(country)) => {
            matches!(first, "com" | "co" | "org" | "net" | "it" | "edu") && is_country(country)
        }
    }
}

fn is_country(label: &str) -> bool {
    label.len() == 2 && label.bytes().all(|byte| byte.is_ascii_lowercase())
}
