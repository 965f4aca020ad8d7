//! The three browser engines, and how each is asked to start quietly.

use std::path::Path;

use serde_json::{Value, json};

use super::environment::{program, required};

/// A domain whose hosts `www` and `shop` are this machine, in the engines that can be told so.
const NAMED_DOMAIN: &str = "throughline.co.uk";

/// A browser engine that a page may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chrome, Edge, Opera, most of Android.
    Chromium,
    /// Firefox.
    Firefox,
    /// Safari, and every browser on iOS; here as WebKitGTK's MiniBrowser.
    WebKit,
}

impl Engine {
    /// Every engine, in the order in which their tests are listed.
    pub const ALL: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

    /// The name used in `THROUGHLINE_ENGINES`, in test names and in folder names.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    /// A host of one domain by its first label, such as `www.throughline.co.uk`; `None` where the engine asks the
    /// network for every name.
    #[must_use]
    pub fn named_host(self, label: &str) -> Option<String> {
        (self != Engine::WebKit).then(|| format!("{label}.{NAMED_DOMAIN}"))
    }

    /// The engines that `THROUGHLINE_ENGINES` names.
    ///
    /// # Panics
    /// When the variable is missing, empty or names something else: an engine must never be left out by a typing error.
    #[must_use]
    pub fn wanted() -> Vec<Engine> {
        let list = required("THROUGHLINE_ENGINES");
        let engine = |name: &str| Engine::ALL.into_iter().find(|engine| engine.name() == name);
        let wanted: Vec<Engine> = list
            .split(',')
            .map(str::trim)
            .map(|name| {
                engine(name)
                    .unwrap_or_else(|| panic!("THROUGHLINE_ENGINES names `{name}`, which is no engine"))
            })
            .collect();
        assert!(!wanted.is_empty(), "THROUGHLINE_ENGINES names no engine");
        wanted
    }

    /// The driver program and its arguments to listen on `port`.
    pub(super) fn driver_command(self, port: u16) -> std::process::Command {
        let (variable, arguments) = match self {
            Engine::Chromium => ("THROUGHLINE_CHROMEDRIVER", vec![format!("--port={port}")]),
            // Without a port of its own the BiDi server would take 9222, which may belong to somebody.
            Engine::Firefox => (
                "THROUGHLINE_GECKODRIVER",
                vec![format!("--port={port}"), "--websocket-port=0".to_owned()],
            ),
            Engine::WebKit => ("THROUGHLINE_WEBKITDRIVER", vec![format!("--port={port}")]),
        };
        let mut command = std::process::Command::new(program(variable));
        command.args(arguments);
        command
    }

    /// What to ask of the driver for a new session; `profile` is an empty folder.
    pub(super) fn capabilities(self, profile: &Path) -> serde_json::Map<String, Value> {
        let mut asked = match self {
            Engine::Chromium => chromium(profile),
            Engine::Firefox => firefox(),
            Engine::WebKit => json!({ "webkitgtk:browserOptions": {
                "binary": program("THROUGHLINE_MINIBROWSER"), "args": ["--automation"] } }),
        };
        asked["timeouts"] = json!({ "script": 20_000, "pageLoad": 30_000, "implicit": 0 });
        // A page that opens a dialog is a finding, not something to click away.
        asked["unhandledPromptBehavior"] = json!("dismiss and notify");
        asked.as_object().cloned().unwrap_or_default()
    }
}

fn chromium(profile: &Path) -> Value {
    json!({ "goog:chromeOptions": {
        "binary": program("THROUGHLINE_CHROMIUM"),
        "args": [
            "--headless=new",
            // Without its word HeadlessChrome, because leads of browsers that say it are never delivered.
            "--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
            "--disable-gpu",
            // Containers and CI run as root, where Chromium refuses to start with its sandbox.
            "--no-sandbox",
            // /dev/shm is 64 MB in many containers, less than a renderer asks for.
            "--disable-dev-shm-usage",
            // The rest keeps it from looking for hosts that no test shows it.
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            format!("--user-data-dir={}", profile.display()),
            format!("--host-resolver-rules=MAP *.{NAMED_DOMAIN} 127.0.0.1"),
        ],
    } })
}

/// geckodriver makes a fresh profile itself and sets Mozilla's recommended preferences for tests; these are the ones
/// beyond that which stop background requests.
fn firefox() -> Value {
    json!({ "moz:firefoxOptions": {
        "binary": program("THROUGHLINE_FIREFOX"),
        "args": ["-headless"],
        "prefs": {
            "app.normandy.enabled": false,
            "app.update.disabledForTesting": true,
            "browser.region.network.url": "",
            "browser.safebrowsing.downloads.enabled": false,
            "browser.safebrowsing.malware.enabled": false,
            "browser.safebrowsing.phishing.enabled": false,
            "browser.search.update": false,
            "datareporting.policy.dataSubmissionEnabled": false,
            "dom.push.connection.enabled": false,
            "extensions.getAddons.cache.enabled": false,
            "extensions.update.enabled": false,
            "media.gmp-manager.updateEnabled": false,
            "network.dns.localDomains": format!("www.{NAMED_DOMAIN},shop.{NAMED_DOMAIN}"),
            "network.captive-portal-service.enabled": false,
            "network.connectivity-service.enabled": false,
            "network.dns.disablePrefetch": true,
            "services.settings.server": "data:,#remote-settings-dummy/v1",
            "toolkit.telemetry.server": "",
        },
    } })
}
