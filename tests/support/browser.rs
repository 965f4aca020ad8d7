//! Real browsers, driven over WebDriver (<https://www.w3.org/TR/webdriver2/>), and the server that shows them pages.
//!
//! A test is one function that gets a [`Stage`]: a browser with an empty device, a page server of its own, and the
//! collector that all tests share. [`run`] makes of each function one test per engine.

#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "this code runs in tests, which fail by panicking"
)]

mod environment; // what `cargo xtask test` tells us
mod engine; // which engines, and how each is asked to start
mod process_tree; // programs that end with everything they started
mod display; // a screen for MiniBrowser
mod driver; // the WebDriver server of an engine
mod session; // one browser, step by step
mod deadline; // waiting for a condition
mod click; // an ad click of a test's own
mod bundles; // pages on npm packages, bundled
mod page_server; // what a browser is shown
mod request_log; // what reached the server
mod collector; // the collector and its store
mod device; // what is left on the visitor's device
mod stage; // what a test is given, and how it is run

pub use bundles::make_bundles;
pub use click::Click;
pub use collector::Collector;
pub use device::Kept;
pub use engine::Engine;
pub use page_server::{CollectorDoor, POLICY_REPORTS, PageServer};
pub use request_log::{Expected, RecordedRequest, RequestLog};
pub use session::Browser;
pub use stage::{BrowserTest, Stage, run, screenshot_file};
