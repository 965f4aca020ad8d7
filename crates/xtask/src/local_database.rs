//! The local runtime's own database: migrations as in a deployment, then the settings that only development has.

use std::path::Path;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::node;
use crate::stamp::Stamp;
use crate::step::{self, Show};

/// Brings the database of this state folder up to date. Each of the two commands starts a runtime of its own, so they
/// are left out when neither the migrations nor the settings have changed since this folder saw them.
pub(crate) fn prepare(checkout: &Checkout, state: &Path) -> Result<(), Failure> {
    let migrations = checkout.path("crates/collector/migrations");
    let seed = checkout.path("crates/collector/dev/seed.sql");
    // The stamp lies with the data: who deletes the folder deletes both.
    let stamp = Stamp::of(state.join("throughline.stamp"), &[migrations, seed.clone()], &[])?;
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
            .arg(&seed);
        step::finish("settings of the local database", Show::OnFailure, &mut settings)
    })?;
    stamp.press()
}
