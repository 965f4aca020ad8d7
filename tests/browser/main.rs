//! What a visitor's browser does, in Chromium, Firefox and WebKit.
//!
//! Each module shows one part of the walk; each of its functions is one behaviour and becomes one test per engine, such as
//! `firefox::consent::a_default_alone_is_no_grant`. They need what `cargo xtask test` prepares.

#![allow(
    clippy::panic,
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod engines; // is this a browser that can keep something at all?
mod consent; // who may say yes, and what happens before and after
mod hosted_page; // a page with a consent tool that a fake plays
mod hosted_tools; // the tools that live on servers of their own
mod consent_traps; // what other scripts take for a yes
mod consent_tools; // the real tools that npm has
mod consent_signals; // single words of the interfaces, and tools that misbehave
mod fields; // what is filled, and what is left alone
mod fill_time; // a page of 50,000 elements
mod builders; // the forms of builders, and their whole bodies
mod embeds; // forms of other origins
mod frameworks; // the packages that forms are built with
mod addresses; // where the landing is found
mod visits; // what is remembered from page to page
mod returns; // reload, Back, another tab
mod queries; // what is read from an address
mod leads; // what is sent when a form is sent
mod form_posts; // a form that posts to the collector by itself
mod submissions; // what is one submission, and what is the next one
mod lead_queue; // leads that the collector did not answer at first
mod leads_given_up; // those of them that are not sent any more
mod user_data; // who sends a form, as hashes
mod durable_cookie; // what the collector sets
mod channel; // the part that tells channels
mod on_demand; // the part that is fetched when it is needed
mod explanations; // what it says
mod platform_cookies; // clicks in the platforms' own cookies
mod linked_sites; // visits handed over between sites of one owner
mod golden; // the golden page views in both engines of the script
mod policies; // strict pages, and pages without WebAssembly
mod types; // what the TypeScript types promise
mod check_page; // the page that checks click ids and files
mod demo; // the whole line once

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let pages = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/browser/pages"));
    let tests = [
        engines::TESTS,
        consent::TESTS,
        hosted_tools::TESTS,
        consent_traps::TESTS,
        consent_tools::TESTS,
        consent_signals::TESTS,
        fields::TESTS,
        fill_time::TESTS,
        &builders::tests(),
        embeds::TESTS,
        frameworks::TESTS,
        addresses::TESTS,
        visits::TESTS,
        returns::TESTS,
        queries::TESTS,
        leads::TESTS,
        form_posts::TESTS,
        submissions::TESTS,
        lead_queue::TESTS,
        leads_given_up::TESTS,
        user_data::TESTS,
        durable_cookie::TESTS,
        channel::TESTS,
        on_demand::TESTS,
        explanations::TESTS,
        platform_cookies::TESTS,
        linked_sites::TESTS,
        golden::TESTS,
        policies::TESTS,
        types::TESTS,
        check_page::TESTS,
        demo::TESTS,
    ]
    .concat();
    support::browser::run(pages, &tests)
}

/// Lists functions as tests, each under the module's and its own name.
#[macro_export]
macro_rules! browser_tests {
    ($module:literal: $($name:ident),+ $(,)?) => {
        pub(crate) const TESTS: &[support::browser::BrowserTest] = &[$(support::browser::BrowserTest {
            name: concat!($module, "::", stringify!($name)),
            show: $name,
        }),+];
    };
}
