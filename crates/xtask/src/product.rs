//! All parts, built once: the browser script, the Worker, the folder of static files.

use std::fs::File;

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::{check_page, script_build, site, tools, worker_build};

/// Installs what is missing and builds what has changed.
pub(crate) fn build(checkout: &Checkout) -> Result<(), Failure> {
    // Two builds at once would write into the same folders; the second waits and then finds everything done.
    let path = checkout.workshop().join("build.lock");
    checkout::make_folder(&checkout.workshop())?;
    let lock = File::create(&path).map_err(|error| Failure::file("write", &path, &error))?;
    lock.lock()
        .map_err(|error| Failure::file("lock", &path, &error))?;

    tools::install(checkout)?;
    let script = script_build::build(checkout)?;
    worker_build::build(checkout)?;
    let check_page = check_page::build(checkout)?;
    site::assemble(checkout, &script, &check_page)
}

/// What `dev --no-build` relies on.
pub(crate) fn must_be_built(checkout: &Checkout) -> Result<(), Failure> {
    let parts = [
        checkout.path(worker_build::ENTRY),
        checkout.site().join("_headers"),
    ];
    if parts.iter().all(|part| part.exists()) {
        return Ok(());
    }
    Err(Failure::new(
        "Nothing is built yet; run `cargo xtask build` first.",
    ))
}
