//! Webhooks as pure functions: signatures by the published vectors and by those of the corpus, what is understood of each
//! provider's bodies, and which settings are taken.

#![allow(clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

mod bodies; // what is understood
mod settings; // what a site may set
mod signatures; // who is believed, scheme by scheme
mod vectors; // the same by the vectors of the corpus

pub(crate) fn headers(headers: &[(&str, Option<&str>)]) -> Vec<(String, String)> {
    let given = headers.iter().filter_map(|(name, value)| Some((name, (*value)?)));
    given
        .map(|(name, value)| ((*name).to_owned(), value.to_owned()))
        .collect()
}
