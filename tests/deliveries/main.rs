//! From an outcome to the platform's API, natively: the collector on SQLite, and doubles of the platforms that are as
//! strict, as slow and as forgetful as the real ones may be.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod stage; // the collector and the platforms
mod sending; // what goes out, and what never does
mod access; // secrets and tokens
mod refresh_token; // Microsoft's, which is renewed with each use
mod trials; // whether a platform takes a destination's settings
mod interruptions; // what is cut off in the middle, and counts once
mod changes; // what is said of an outcome later
mod ledger; // what became of each
mod earlier; // what was told before its destination was there
mod reading; // what is read before any sweep has looked
