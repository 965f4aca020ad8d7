//! What a site has left on the visitor's device.

use serde_json::Value;

use super::deadline::Deadline;
use super::request_log::Expected;
use super::session::Browser;
use super::stage::Stage;

/// Everything that the shown page's site keeps, by name.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    /// Cookies, those that scripts cannot see included.
    pub cookies: Vec<String>,
    /// Keys of localStorage, of sessionStorage, and names of databases and caches.
    pub storage: Vec<String>,
}

impl Kept {
    /// Reads the device, from outside of the page's scripts where WebDriver can.
    #[must_use]
    pub fn of(browser: &Browser) -> Kept {
        let storage = browser.async_script(
            "const names = [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
             if (window.indexedDB && indexedDB.databases) {
                 for (const database of await indexedDB.databases()) names.push(database.name);
             }
             if (window.caches) names.push(...await caches.keys());
             return names;",
        );
        let names = storage.as_array().cloned().unwrap_or_default();
        Kept {
            cookies: browser.cookie_names(),
            storage: names
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        }
    }

    fn is_nothing(&self) -> bool {
        self.cookies.is_empty() && self.storage.is_empty()
    }
}

impl Stage<'_> {
    /// Fails if the site has left anything at all.
    pub fn assert_nothing_is_kept(&self) {
        let kept = Kept::of(self.browser);
        assert!(kept.is_nothing(), "something is on the device: {kept:?}");
    }

    /// Fails if we have left anything; other tools of the page may have.
    pub fn assert_nothing_of_ours_is_kept(&self) {
        let kept = Kept::of(self.browser);
        let is_ours = |name: &&String| name.contains("throughline");
        let ours: Vec<&String> = kept.cookies.iter().chain(&kept.storage).filter(is_ours).collect();
        assert!(ours.is_empty(), "of these, {ours:?} are ours: {kept:?}");
        let everything = self
            .browser
            .text_of("document.cookie + JSON.stringify({...localStorage, ...sessionStorage})");
        assert!(
            !everything.contains(&self.click.gclid),
            "the click id is on the device: {everything}"
        );
    }

    /// The cookie's value, as the page's scripts see it; empty when there is none.
    #[must_use]
    pub fn cookie(&self) -> String {
        self.browser
            .text_of("(/(?:^|; )throughline=([^;]*)/.exec(document.cookie) || ['', ''])[1]")
    }

    /// The text in localStorage; empty when there is none.
    #[must_use]
    pub fn stored_text(&self) -> String {
        self.browser.text_of("localStorage.getItem('throughline') || ''")
    }

    /// The value of the field that a CSS selector finds.
    #[must_use]
    pub fn field(&self, selector: &str) -> String {
        let value = self.browser.script_with(
            "const field = document.querySelector(arguments[0]); return field ? field.value : null;",
            vec![selector.into()],
        );
        value
            .as_str()
            .unwrap_or_else(|| panic!("the page has no field `{selector}`"))
            .to_owned()
    }

    /// Whether the next test may have this session. Starting a browser costs more than most tests, but a page in a
    /// folder of its own may have set cookies for that folder, which WebDriver does not show from elsewhere.
    pub(super) fn device_can_be_emptied(&self) -> bool {
        self.pages
            .log()
            .found(&Expected::any("/throughline/demo/"), 0)
            .is_empty()
    }

    /// Takes away what earlier tests left, and makes sure of it.
    pub fn empty_the_device(&self) {
        self.open("empty.html", "");
        // An answer to the page before may still bring a cookie, and on a busy machine it may take a while.
        let deadline = Deadline::default();
        for round in 0.. {
            self.browser.delete_cookies();
            self.browser
                .script("localStorage.clear(); sessionStorage.clear();");
            self.fence();
            if round >= 2 && Kept::of(self.browser).is_nothing() {
                break;
            }
            deadline.pause_or_panic("an empty device");
        }
    }
}
