//! Builders and harness shared by the tests.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "this code runs in tests, which fail by panicking"
)]

pub mod corpora; // lists of bad input that others have collected
pub mod golden_visit; // the golden page views, and what must come of each
pub mod golden_file; // what is compared byte for byte
pub mod definitions; // the platforms' own field names
pub mod platform_double; // platforms that answer as the real ones do
pub mod native_collector; // the collector in this process
pub mod sqlite_database; // its store
mod mutant; // a statement of its that somebody changed
pub mod failing_database; // its store, with faults

#[cfg(feature = "runtime")]
pub mod runtime; // the built Worker on the local runtime
#[cfg(feature = "runtime")]
pub mod rsa_key; // a key that is made for one run
#[cfg(feature = "runtime")]
pub mod platform_server; // the platforms behind a socket

#[cfg(feature = "browsers")]
pub mod browser; // real engines, shown our own pages
