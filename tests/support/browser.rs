//! Real browsers, driven over WebDriver (<https://www.w3.org/TR/webdriver2/>), and the server that shows them pages.
//!
//! A test is one function that gets a [`Stage`]: a browser with an empty device, a page server of its own, and the
//! collector that all tests share. The order to read in: which engines ([`engine`]), how one is driven ([`driver`],
//! [`session`]), what it is shown ([`page_server`]), what the server saw of it ([`request_log`]), and how a list of
//! functions becomes a list of tests per engine ([`stage`]).

#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "this code runs in tests, which fail by panicking"
)]

mod click;
mod collector;
mod deadline;
mod device;
mod display;
mod driver;
mod engine;
mod environment;
mod page_server;
mod process_tree;
mod request_log;
mod session;
mod stage;

pub use click::Click;
pub use collector::Collector;
pub use device::Kept;
pub use engine::Engine;
pub use page_server::{CollectorDoor, PageServer};
pub use request_log::{Expected, RecordedRequest, RequestLog};
pub use session::Browser;
pub use stage::{BrowserTest, Stage, run, screenshot_file};
