//! The local runtime's own database: migrations as in a deployment, then the settings that only development has.

use std::fs::{self, File};
use std::path::Path;

use crate::checkout::{self, Checkout, files_below};
use crate::failure::Failure;
use crate::node;
use crate::stamp::Stamp;
use crate::step::{self, Show};

/// Brings the database of this state folder up to date.
pub(crate) fn prepare(checkout: &Checkout, state: &Path) -> Result<(), Failure> {
    if state.join("v3/d1").exists() {
        return bring_up_to_date(checkout, state);
    }
    // Preparing takes seconds, and tests ask for many fresh databases: they get copies of one.
    let prepared = checkout.workshop().join("database");
    let lock_path = checkout.workshop().join("database.lock");
    let lock = File::create(&lock_path).map_err(|error| Failure::file("write", &lock_path, &error))?;
    lock.lock()
        .map_err(|error| Failure::file("lock", &lock_path, &error))?;
    if !stamp(checkout, &prepared)?.fits(&[&prepared]) && prepared.exists() {
        // From nothing, because a migration that was edited before its release would not be applied again.
        fs::remove_dir_all(&prepared).map_err(|error| Failure::file("remove", &prepared, &error))?;
    }
    bring_up_to_date(checkout, &prepared)?;
    copy_folder(&prepared, state)
}

/// What the database depends on, remembered in the state folder: who deletes the folder deletes both.
fn stamp(checkout: &Checkout, state: &Path) -> Result<Stamp, Failure> {
    let inputs = [
        checkout.path("crates/collector/migrations"),
        checkout.path(SETTINGS),
        checkout.path("package-lock.json"),
    ];
    Stamp::of(state.join("throughline.stamp"), &inputs)
}

const SETTINGS: &str = "crates/collector/dev/seed.sql";

/// Each of the two commands starts a runtime of its own, so they are left out when nothing has changed since this
/// folder saw them.
fn bring_up_to_date(checkout: &Checkout, state: &Path) -> Result<(), Failure> {
    let stamp = stamp(checkout, state)?;
    if stamp.fits(&[&state.join("v3/d1")]) {
        return Ok(());
    }
    step::timed("preparing the local database", || {
        let mut migrate = node::local_wrangler(checkout);
        migrate
            .args(["d1", "migrations", "apply", "DB", "--local", "--persist-to"])
            .arg(state);
        step::finish("migrations of the local database", Show::OnFailure, &mut migrate)?;
        let mut settings = node::local_wrangler(checkout);
        settings
            .args(["d1", "execute", "DB", "--local", "--yes", "--persist-to"])
            .arg(state)
            .arg("--file")
            .arg(checkout.path(SETTINGS));
        step::finish("settings of the local database", Show::OnFailure, &mut settings)
    })?;
    stamp.press()
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    for file in files_below(from)? {
        let copy = to.join(file.strip_prefix(from).unwrap_or(&file));
        if let Some(folder) = copy.parent() {
            checkout::make_folder(folder)?;
        }
        fs::copy(&file, &copy).map_err(|error| Failure::file("write", &copy, &error))?;
    }
    Ok(())
}
