//! What CRMs tell, and which lead it belongs to: by every reference, in every order of arrival, changed and told again.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod changes; // restate and retract
mod references; // whose outcome it is
mod stage; // a collector, and what is told to it
mod tables; // CSV
