//! Browsers and their drivers: which are there, and what the tests must know about each.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::tools;

/// The three browser engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// An engine that can be driven, and where its programs are: environment variable → path.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) engine: Engine,
    pub(crate) programs: Vec<(&'static str, PathBuf)>,
}

impl Engine {
    pub(crate) const ALL: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::WebKit];

    pub(crate) fn named(name: &str) -> Option<Engine> {
        Engine::ALL.into_iter().find(|engine| engine.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    fn debian_packages(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium chromium-driver",
            Engine::Firefox => "firefox-esr",
            Engine::WebKit => "webkit2gtk-driver xvfb",
        }
    }

    /// The engine's programs, or `None` if one of them is missing.
    fn find(self, checkout: &Checkout) -> Result<Option<Found>, Failure> {
        let programs = match self {
            Engine::Chromium => on_path(&["chromium", "chromium-browser", "google-chrome"])
                .zip(on_path(&["chromedriver"]))
                .map(|(browser, driver)| {
                    vec![
                        ("THROUGHLINE_CHROMIUM", browser),
                        ("THROUGHLINE_CHROMEDRIVER", driver),
                    ]
                }),
            Engine::Firefox => match on_path(&["firefox-esr", "firefox"]) {
                // The driver is one that cargo can build, so a browser without it is no reason to give up.
                Some(browser) => Some(vec![
                    ("THROUGHLINE_FIREFOX", browser),
                    ("THROUGHLINE_GECKODRIVER", tools::install_geckodriver(checkout)?),
                ]),
                None => None,
            },
            Engine::WebKit => on_path(&["WebKitWebDriver"])
                .zip(mini_browser())
                .zip(on_path(&["Xvfb"]))
                .map(|((driver, browser), display)| {
                    vec![
                        ("THROUGHLINE_WEBKITDRIVER", driver),
                        ("THROUGHLINE_MINIBROWSER", browser),
                        ("THROUGHLINE_XVFB", display),
                    ]
                }),
        };
        Ok(programs.map(|programs| Found {
            engine: self,
            programs,
        }))
    }
}

/// Every engine that can be driven. Says which, and fails if a required one is not among them.
pub(crate) fn find_all(checkout: &Checkout, required: &[Engine]) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    for engine in Engine::ALL {
        match engine.find(checkout)? {
            Some(engine) => found.push(engine),
            None if required.contains(&engine) => {
                return Err(Failure::new(format!(
                    "{} is required and was not found; install it, on Debian by `apt-get install {}`.",
                    engine.name(),
                    engine.debian_packages()
                )));
            }
            None => eprintln!(
                "{} was not found, so its tests are left out; on Debian it comes by `apt-get install {}`",
                engine.name(),
                engine.debian_packages()
            ),
        }
    }
    let names: Vec<&str> = found.iter().map(|found| found.engine.name()).collect();
    eprintln!(
        "browser engines found: {}",
        if names.is_empty() {
            "none".to_owned()
        } else {
            names.join(", ")
        }
    );
    Ok(found)
}

/// What the browser tests read: the list of engines, and each program's place.
pub(crate) fn environment(found: &[Found]) -> Vec<(&'static str, OsString)> {
    let names: Vec<&str> = found.iter().map(|found| found.engine.name()).collect();
    let mut environment = vec![("THROUGHLINE_ENGINES", OsString::from(names.join(",")))];
    for (name, path) in found.iter().flat_map(|found| &found.programs) {
        environment.push((name, path.clone().into_os_string()));
    }
    environment
}

/// The first of these names that the PATH knows.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|file| file.is_file())
    })
}

/// WebKitGTK's plain browser, which its packages keep away from the PATH:
/// `/usr/lib/<architecture>/webkit2gtk-4.1/MiniBrowser` on Debian, `/usr/libexec/webkit2gtk-4.1/MiniBrowser` elsewhere.
fn mini_browser() -> Option<PathBuf> {
    let mut folders = vec![PathBuf::from("/usr/libexec")];
    folders.extend(entries(Path::new("/usr/lib")));
    folders
        .iter()
        .flat_map(|folder| entries(folder))
        .filter(|folder| {
            folder
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("webkit2gtk-4."))
        })
        .map(|folder| folder.join("MiniBrowser"))
        .find(|file| file.is_file())
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
