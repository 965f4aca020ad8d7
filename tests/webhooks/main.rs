//! Webhooks as their providers send them: signed, copied, altered, late, told again, and set by the site.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod events; // what is understood
mod providers; // what providers post, and how each signs it
mod signatures; // who is believed
mod stage; // a collector with a webhook
