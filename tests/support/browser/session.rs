//! One browser with one window, driven step by step.

use std::path::Path;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::Value;
use tempfile::TempDir;

use super::deadline::Deadline;
use super::driver::Driver;
use super::engine::Engine;

/// A laptop's window, the same in every engine, so that their pictures can be laid side by side.
const WINDOW_PIXELS: (u32, u32) = (1280, 1000);

/// A running browser. Every step blocks until the browser has done it, and a step that fails ends the test.
pub struct Browser {
    engine: Engine,
    client: Client,
    runtime: tokio::runtime::Runtime,
    _profile: TempDir,
}

impl Browser {
    /// Opens a session with a fresh profile.
    pub(super) fn open_session(driver: &Driver, engine: Engine) -> Browser {
        let profile = TempDir::new().expect("a temporary folder for the browser's profile");
        // One thread is enough: the browser works in its own processes, and a test does one step at a time.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime for the WebDriver client");
        let client = runtime
            .block_on(
                ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
                    .capabilities(engine.capabilities(profile.path()))
                    .connect(&driver.url),
            )
            .unwrap_or_else(|error| panic!("{} did not open a session: {error}", engine.name()));
        let browser = Browser {
            engine,
            client,
            runtime,
            _profile: profile,
        };
        let (width, height) = WINDOW_PIXELS;
        browser.must(
            "take its size",
            browser
                .runtime
                .block_on(browser.client.set_window_size(width, height)),
        );
        browser
    }

    /// Ends the session, which closes the browser.
    pub(super) fn close(self) {
        // If the browser is gone already, the driver's process tree is what ends the rest.
        let _ = self.runtime.block_on(self.client.close());
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Goes to an address and waits for the page's `load`.
    pub fn open(&self, url: &str) {
        self.must("open a page", self.runtime.block_on(self.client.goto(url)));
    }

    /// Goes back, as the visitor's button does. Whether the page is made anew or comes as it was left is the browser's choice.
    pub fn back(&self) {
        self.must("go back", self.runtime.block_on(self.client.back()));
    }

    /// Does something in a second tab of the same browser, closes it, and comes back to the first.
    pub fn in_second_tab<T>(&self, action: impl FnOnce() -> T) -> T {
        let first = self.must("name its tab", self.runtime.block_on(self.client.window()));
        let second = self.must("open a tab", self.runtime.block_on(self.client.new_window(true)));
        let go_to = |tab| {
            self.must(
                "go to a tab",
                self.runtime.block_on(self.client.switch_to_window(tab)),
            )
        };
        go_to(second.handle);
        let done = action();
        self.must("close a tab", self.runtime.block_on(self.client.close_window()));
        go_to(first);
        done
    }

    /// The address of the page that is shown.
    #[must_use]
    pub fn address(&self) -> String {
        self.must(
            "tell its address",
            self.runtime.block_on(self.client.current_url()),
        )
        .to_string()
    }

    /// Runs the body of a function in the page and gives what it returns.
    pub fn script(&self, body: &str) -> Value {
        self.script_with(body, Vec::new())
    }

    /// The same with values from the test, which the body finds in `arguments`.
    pub fn script_with(&self, body: &str, arguments: Vec<Value>) -> Value {
        self.must(
            "run a script",
            self.runtime.block_on(self.client.execute(body, arguments)),
        )
    }

    /// Runs the body of an `async` function in the page and waits for what it returns.
    pub fn async_script(&self, body: &str) -> Value {
        let script = format!(
            "const answer = arguments[arguments.length - 1];
             (async () => {{ {body} }})().then(
                 value => answer([true, value === undefined ? null : value]),
                 error => answer([false, String(error)]));"
        );
        let answer = self.must(
            "run a script",
            self.runtime.block_on(self.client.execute_async(&script, vec![])),
        );
        assert!(answer[0] == true, "the page's script failed with {}", answer[1]);
        answer[1].clone()
    }

    /// What a script returns, as text.
    #[must_use]
    pub fn text_of(&self, expression: &str) -> String {
        let value = self.script(&format!("return String({expression})"));
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a JavaScript expression is truthy.
    pub fn wait_until(&self, expression: &str) {
        let deadline = Deadline::default();
        // While a page is being replaced the driver may refuse a script; that is a "not yet" like any other.
        while !self
            .runtime
            .block_on(
                self.client
                    .execute(&format!("return Boolean({expression})"), vec![]),
            )
            .is_ok_and(|answer| answer == true)
        {
            deadline.pause_or_panic(&format!("`{expression}`"));
        }
    }

    /// Clicks, as a mouse does, the element that a selector finds; waits for it to be there and in view.
    pub fn click(&self, selector: &str) {
        let deadline = Deadline::default();
        // A banner that still moves into view may cover its own button for some frames.
        while let Err(error) = self
            .runtime
            .block_on(async { self.find(selector).await?.click().await })
        {
            deadline.pause_or_panic(&format!("a click on `{selector}` ({error})"));
        }
    }

    /// Types into a field, as a keyboard does, so that the page sees trusted events.
    pub fn type_into(&self, selector: &str, text: &str) {
        let typed = self
            .runtime
            .block_on(async { self.find(selector).await?.send_keys(text).await });
        self.must("type into a field", typed);
    }

    /// Finds an element by a CSS selector. `host >>> inner` goes on in the open shadow root of what `host` finds.
    async fn find(&self, selector: &str) -> Result<Element, CmdError> {
        match selector.split_once(" >>> ") {
            Some((host, inner)) => {
                let host = self.client.find(Locator::Css(host)).await?;
                host.shadow_root().await?.find(Locator::Css(inner)).await
            }
            None => self.client.find(Locator::Css(selector)).await,
        }
    }

    /// Lets the following steps happen inside a frame.
    pub fn enter_frame(&self, selector: &str) {
        let entered = self.runtime.block_on(async {
            self.client
                .find(Locator::Css(selector))
                .await?
                .enter_frame()
                .await
        });
        self.must("enter a frame", entered);
    }

    /// Lets the following steps happen in the page around the frame again.
    pub fn leave_frame(&self) {
        self.must(
            "leave a frame",
            self.runtime.block_on(self.client.enter_parent_frame()),
        );
    }

    /// Writes what the window shows as a PNG file.
    pub fn screenshot(&self, file: &Path) {
        let png = self.must(
            "take a screenshot",
            self.runtime.block_on(self.client.screenshot()),
        );
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).expect("a folder for screenshots");
        }
        std::fs::write(file, png).expect("a screenshot is written");
    }

    /// Takes every cookie of the shown page's host off the device.
    pub(super) fn delete_cookies(&self) {
        self.must(
            "delete cookies",
            self.runtime.block_on(self.client.delete_all_cookies()),
        );
    }

    /// The cookies that the browser holds for the shown page's host, those that scripts cannot see included. One that a
    /// server has ended by `Max-Age=0` is listed by Firefox, without a value, until the second is over; it is gone.
    #[must_use]
    pub fn cookie_names(&self) -> Vec<String> {
        self.must(
            "list cookies",
            self.runtime.block_on(self.client.get_all_cookies()),
        )
        .iter()
        .filter(|cookie| !cookie.value().is_empty())
        .map(|cookie| cookie.name().to_owned())
        .collect()
    }

    fn must<T, E: std::fmt::Display>(&self, step: &str, result: Result<T, E>) -> T {
        result.unwrap_or_else(|error| panic!("{} could not {step}: {error}", self.engine.name()))
    }
}
