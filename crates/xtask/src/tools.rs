//! The wasm target and the pinned programs, installed when they are missing and looked at first, so that the second
//! start costs nothing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::node;
use crate::step::{self, Show};

/// What browsers and the Workers runtime execute.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The same as the `worker` crate in Cargo.toml: the two are released together.
const WORKER_BUILD_VERSION: &str = "0.8.7";
const GECKODRIVER_VERSION: &str = "0.37.1";

/// All that a build needs, the quickest first.
pub(crate) fn install(checkout: &Checkout) -> Result<(), Failure> {
    node::must_be_there()?;
    add_wasm_target(checkout)?;
    node::install_packages(checkout)?;
    install_wasm_bindgen(checkout)?;
    install_worker_build(checkout)
}

/// Firefox's driver, which Debian does not package. Only browser tests need it.
pub(crate) fn install_geckodriver(checkout: &Checkout) -> Result<PathBuf, Failure> {
    install_crate(checkout, "geckodriver", "geckodriver", GECKODRIVER_VERSION, &[])?;
    Ok(checkout.tools_bin().join("geckodriver"))
}

/// Clippy, formatter and compiler come with the toolchain of rust-toolchain.toml; the target's library may be missing.
pub(crate) fn add_wasm_target(checkout: &Checkout) -> Result<(), Failure> {
    let mut rustc = Command::new("rustc");
    rustc
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .current_dir(checkout.root());
    let folder = step::finish("the place of the wasm target", Show::OnFailure, &mut rustc)?;
    // The folder's name is printed whether it is there or not.
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    let mut rustup = Command::new("rustup");
    rustup
        .args(["target", "add", WASM_TARGET])
        .current_dir(checkout.root());
    step::run("adding the wasm target", Show::OnFailure, &mut rustup).map(drop)
}

/// The very version of the library in Cargo.lock, because the two share a private format
/// (<https://wasm-bindgen.github.io/wasm-bindgen/reference/cli.html>). Without its default feature it has no TLS:
/// it never downloads here, and there is less to compile.
fn install_wasm_bindgen(checkout: &Checkout) -> Result<(), Failure> {
    let version = checkout.locked_version("wasm-bindgen")?;
    install_crate(
        checkout,
        "wasm-bindgen-cli",
        "wasm-bindgen",
        &version,
        &["--no-default-features"],
    )
}

fn install_worker_build(checkout: &Checkout) -> Result<(), Failure> {
    if !is_installed(checkout, "worker-build", WORKER_BUILD_VERSION) {
        openssl_must_be_there()?;
    }
    install_crate(
        checkout,
        "worker-build",
        "worker-build",
        WORKER_BUILD_VERSION,
        &[],
    )
}

/// worker-build links the system's TLS library for downloads that we spare it; on Linux that is OpenSSL, whose headers
/// are a package of their own.
fn openssl_must_be_there() -> Result<(), Failure> {
    if !cfg!(target_os = "linux") || std::env::var_os("OPENSSL_DIR").is_some() {
        return Ok(());
    }
    let found = Command::new("pkg-config").args(["--exists", "openssl"]).status();
    if found.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(Failure::new(
        "The build tool worker-build needs OpenSSL's headers; install them, on Debian by \
         `apt-get install pkg-config libssl-dev`.",
    ))
}

/// Compiles a program from the registry into the project's own folder. Unoptimised, because it compiles in a third of
/// the time and runs for a second.
fn install_crate(
    checkout: &Checkout,
    package: &str,
    program: &str,
    version: &str,
    options: &[&str],
) -> Result<(), Failure> {
    if is_installed(checkout, program, version) {
        return Ok(());
    }
    let title = format!("installing {package} {version}");
    let install = |locked: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(checkout.root())
            .args([
                "install",
                "--quiet",
                "--debug",
                "--force",
                "--no-track",
                "--bin",
                program,
            ])
            .args(["--version", version, package])
            .args(options)
            .args(locked)
            .arg("--root")
            .arg(checkout.path(".tools"))
            .arg("--target-dir")
            .arg(checkout.target().join("tools"))
            // Debug information would triple what these programs take on the disk.
            .env("CARGO_PROFILE_DEV_DEBUG", "false");
        step::finish(&title, Show::OnFailure, &mut cargo)
    };
    step::timed(&title, || {
        // The newest dependencies that fit, so that the tools share what they have in common. If the newest does not
        // compile, there is still the list that the tool's authors published.
        install(&[]).or_else(|_| install(&["--locked"])).map(drop)
    })
}

/// Asks the program itself; a folder left by an older checkout may hold any version.
fn is_installed(checkout: &Checkout, program: &str, version: &str) -> bool {
    let output = Command::new(checkout.tools_bin().join(program))
        .arg("--version")
        .output();
    output.is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout)
            .split_whitespace()
            .take(2)
            .any(|word| word == version)
    })
}
