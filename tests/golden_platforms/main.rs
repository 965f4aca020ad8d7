//! The golden cases of the three platforms: one set of outcomes, what each way to each platform makes of it, and every
//! body and file byte for byte. `UPDATE_EXPECT=1` writes what came instead of comparing it; the difference is for a
//! person to judge.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod adjustments; // changes of what was delivered
mod answers; // what the platforms answer, and the state that follows
mod error_tables; // every row of the tables that the rules were gathered in
mod cases; // the golden outcomes
mod definitions; // the platforms' own field names
mod deliverable; // what is sent, and why the rest is not
mod generated; // the same for outcomes that nobody thought of
mod time_passes; // the same outcome in a ledger and in a file, day after day
mod windows; // windows, waits and times
