//! What a test is given, and how one function becomes a test in each engine.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};

use super::click::Click;
use super::collector::Collector;
use super::driver::Driver;
use super::engine::Engine;
use super::environment::target_folder;
use super::page_server::PageServer;
use super::request_log::Expected;
use super::session::Browser;

/// A behaviour, and the function that shows it.
#[derive(Clone, Copy)]
pub struct BrowserTest {
    /// The behaviour in words, as a path such as `consent::a_default_alone_is_no_grant`.
    pub name: &'static str,
    /// Shows it, and panics when it does not hold.
    pub show: fn(&Stage),
}

/// Everything that one test acts with.
pub struct Stage<'a> {
    /// A browser that keeps nothing of any site.
    pub browser: &'a Browser,
    /// The website of this test.
    pub pages: PageServer,
    /// The running collector, shared by all tests.
    pub collector: &'a Collector,
    /// An ad click that only this test makes.
    pub click: Click,
}

impl Stage<'_> {
    /// Opens a page of `tests/browser/pages`; `query` begins with a question mark or is empty.
    pub fn open(&self, page: &str, query: &str) {
        self.browser
            .open(&format!("{}/pages/{page}{query}", self.pages.origin()));
    }

    /// Waits until the module has loaded and has done all it wants to do by itself.
    ///
    /// The last step is a request to our own server: what the page sent before it has arrived when it is answered, so
    /// that "no such request came" can be said without waiting for a time.
    pub fn settle(&self) {
        self.browser
            .wait_until("window.throughline && window.throughline.ready");
        self.browser.async_script("await window.throughline.ready;");
        self.fence();
    }

    /// Lets every task that the page has queued run, and everything it sent arrive.
    pub fn fence(&self) {
        self.browser.async_script(
            "const turn = () => new Promise(next => setTimeout(next));
             for (let round = 0; round < 3; round += 1) {
                 await turn();
                 // In a frame without an origin the answer is withheld, but the request has arrived all the same.
                 await fetch('/fence', { cache: 'no-store' }).catch(() => 0);
             }",
        );
    }

    /// Fails if anything was sent to the collector's API; its static files do not count.
    pub fn assert_no_request_to_the_api(&self) {
        let came = self.pages.log().found(&Expected::any("/throughline/v1/"), 0);
        assert!(came.is_empty(), "the collector was asked: {came:?}");
    }

    /// Fails if the page noticed an exception or an unhandled rejection.
    pub fn assert_no_error(&self) {
        assert_eq!(
            self.browser.text_of("JSON.stringify(seenErrors)"),
            "[]",
            "the page saw errors"
        );
    }

    /// Does something in the page, waits for each of the expected requests, and fails if a refuted one came as well.
    pub fn expect_in_action(
        &self,
        action: impl FnOnce(&Browser),
        expected: &[Expected],
        refuted: &[Expected],
    ) {
        let log = self.pages.log();
        let mark = log.mark();
        action(self.browser);
        for request in expected {
            log.wait_for(request, mark);
        }
        self.fence();
        for request in refuted {
            let came = log.found(request, mark);
            assert!(
                came.is_empty(),
                "no request like {request:?} may come, but these did: {came:?}"
            );
        }
    }
}

/// Lists every test once for each wanted engine, runs those that the command line asks for, and says how it went.
#[must_use]
pub fn run(pages: &'static Path, tests: &[BrowserTest]) -> ExitCode {
    let mut arguments = Arguments::from_args();
    let engines = Engine::wanted();
    let names: Vec<&str> = engines.iter().map(|engine| engine.name()).collect();
    println!("engines: {}; tests in each: {}", names.join(", "), tests.len());
    // One test at a time in each engine: a browser has one window in front, and some drivers have one session.
    arguments.test_threads.get_or_insert(engines.len());
    let collector = Arc::new(OnceLock::new());
    let rooms: Vec<Arc<Room>> = engines
        .into_iter()
        .map(|engine| Arc::new(Room::new(engine)))
        .collect();
    let mut trials = Vec::new();
    for test in tests.iter().copied() {
        for room in &rooms {
            let (room, collector) = (Arc::clone(room), Arc::clone(&collector));
            let name = format!("{}::{}", room.engine.name(), test.name);
            trials.push(Trial::test(name, move || {
                room.show(&test, pages, collector.get_or_init(Collector::start))
            }));
        }
    }
    // `run` drops every trial; `rooms` and `collector` go at the end of this function, and with them all processes.
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// One engine with its driver and, between tests, its browser.
struct Room {
    engine: Engine,
    opened: Mutex<Option<(Driver, Option<Browser>)>>,
}

impl Room {
    fn new(engine: Engine) -> Room {
        Room {
            engine,
            opened: Mutex::new(None),
        }
    }

    fn show(&self, test: &BrowserTest, pages: &Path, collector: &Collector) -> Result<(), Failed> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let (driver, kept_browser) = opened.get_or_insert_with(|| (Driver::start(self.engine), None));
        let browser = kept_browser
            .take()
            .unwrap_or_else(|| Browser::open_session(driver, self.engine));
        let stage = Stage {
            browser: &browser,
            pages: PageServer::start(pages, &collector.origin()),
            collector,
            click: Click::of_test(&format!("{}::{}", self.engine.name(), test.name)),
        };
        let shown = catch_unwind(AssertUnwindSafe(|| {
            stage.empty_the_device();
            (test.show)(&stage);
        }));
        let evidence = shown.map_err(|panic| self.evidence(test, &stage, panic.as_ref()));
        let is_clean = evidence.is_ok() && stage.device_can_be_emptied();
        drop(stage);
        if is_clean {
            *kept_browser = Some(browser);
        } else {
            browser.close();
        }
        evidence.map_err(Failed::from)
    }

    /// Why it failed, what the server saw, and where the picture is.
    fn evidence(&self, test: &BrowserTest, stage: &Stage, panic: &(dyn Any + Send)) -> String {
        let reason = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("the test panicked without a text");
        let picture = screenshot_file(self.engine, &format!("failed-{}", test.name.replace("::", "-")));
        let seen = catch_unwind(AssertUnwindSafe(|| {
            stage.browser.screenshot(&picture);
            stage
                .browser
                .text_of("location.href + ' ' + JSON.stringify(window.seenErrors || [])")
        }));
        format!(
            "{reason}\npage: {}\npicture: {}\nrequests:\n{}",
            seen.unwrap_or_else(|_| "the browser no longer answers".to_owned()),
            picture.display(),
            stage.pages.log().listing(0)
        )
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let opened = self
            .opened
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((_driver, Some(browser))) = opened {
            browser.close();
        }
    }
}

/// Where the picture of a step belongs: `target/screenshots/<engine>/<step>.png`.
#[must_use]
pub fn screenshot_file(engine: Engine, step: &str) -> PathBuf {
    target_folder()
        .join("screenshots")
        .join(engine.name())
        .join(format!("{step}.png"))
}
