//! `cargo xtask dev`: the whole product on this machine, until Ctrl-C.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::checkout::{self, Checkout};
use crate::command_line::DevWishes;
use crate::failure::Failure;
use crate::runtime::{self, Runtime, Settings};
use crate::step;
use crate::{local_database, node, product};

/// A landing as Google's auto-tagging makes it. The ids have the right shape and belong to no click.
const LANDING: &str = "utm_source=google&utm_medium=cpc&utm_campaign=spring%20sale&gad_source=1\
    &gad_campaignid=21890163799&gbraid=0AAAAADcdDU8NxuHbP0cnjgnaxxW8mVMPq\
    &gclid=Cj0KCQiA_P_XBhDVARIs_FFYLcHGXw8lM9mLOBuQr-6nFx-LGfF4ZPQ6pNHPvdbJGIaemUAcqMr9cYkaAgfYEALw_wcB";

/// Builds, prepares, serves. Comes back only with a failure; Ctrl-C ends the program.
pub(crate) fn run(checkout: &Checkout, wishes: &DevWishes) -> Result<(), Failure> {
    let state = state_folder(checkout, wishes);
    // Looked at before minutes of building, which the answer would waste.
    runtime::port_must_be_free(wishes.port)?;
    node::must_be_there()?;
    if wishes.no_build {
        product::must_be_built(checkout)?;
    } else {
        product::build(checkout)?;
    }
    checkout::make_folder(&state)?;
    local_database::prepare(checkout, &state)?;

    let env_file = wishes.env_file.as_ref().map(|file| absolute(file));
    let settings = Settings {
        port: wishes.port,
        state: &state,
        limits: wishes.limits,
        log: wishes.log,
        env_file: env_file.as_deref(),
    };
    let mut runtime = step::timed("starting the local runtime", || {
        let mut runtime = Runtime::start(checkout, &settings)?;
        runtime.wait_until_ready()?;
        Ok(runtime)
    })?;
    say_ready(wishes.port);
    if wishes.open {
        open(&format!(
            "http://localhost:{}/throughline/demo/?{LANDING}",
            wishes.port
        ));
    }
    Err(runtime.wait_for_end())
}

/// A path on the command line means the folder that the person stands in; the default lies in the checkout.
fn state_folder(checkout: &Checkout, wishes: &DevWishes) -> PathBuf {
    match &wishes.state {
        Some(folder) => absolute(folder),
        None => checkout.path(".wrangler/state"),
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn say_ready(port: u16) {
    let base = format!("http://localhost:{port}/throughline");
    let words = format!(
        "ready {base}/

Land on the demo as a visitor who clicked an ad:
  {base}/demo/?{LANDING}
Answer the banner, send the form, close the deal; then fetch what Google Ads would fetch:
  curl --user google-demo:dev-feed-password {base}/feeds/google-demo/conversions.csv
The admin token is dev-admin-token. Ctrl-C ends everything.
"
    );
    // Whoever waited for the first line may have closed the pipe after it; serving goes on.
    let mut output = std::io::stdout();
    let _ = output.write_all(words.as_bytes());
    let _ = output.flush();
}

/// Asks the desktop for its browser. A machine without one still serves.
fn open(address: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = Command::new(program)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        eprintln!("No browser could be opened; the address stands above.");
    }
}
