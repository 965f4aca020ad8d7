//! Which crate may know which other.

use std::process::Command;

use serde_json::Value;

use crate::checkout::Checkout;
use crate::failure::Failure;
use crate::step::{self, Show};
use crate::tools::WASM_TARGET;

/// The core asks nobody: no browser, no Worker, no clock, no randomness, no async runtime may be below it.
const NOT_BELOW_THE_CORE: [&str; 7] = [
    "web-sys",
    "js-sys",
    "wasm-bindgen",
    "worker",
    "tokio",
    "getrandom",
    "gloo-storage",
];

/// A foreign world → the one crate that may name it. The module of a landing page asks its page script instead.
const ONLY_KNOWN_TO: [(&str, &str); 2] = [("web-sys", "on_demand"), ("worker", "collector")];

/// Sentences about what is broken.
pub(crate) fn breaches(checkout: &Checkout) -> Result<Vec<String>, Failure> {
    let mut breaches = Vec::new();
    // Both halves of the core, on the machine that tests it and on the target that ships.
    for features in [&[][..], &["--features", "collector"][..]] {
        for target in [&[][..], &["--target", WASM_TARGET][..]] {
            let tree = tree_of_core(checkout, features, target)?;
            breaches.extend(below_the_core(&tree));
        }
    }
    breaches.sort();
    breaches.dedup();
    breaches.extend(foreign_worlds(&checkout.metadata()?));
    Ok(breaches)
}

fn tree_of_core(checkout: &Checkout, features: &[&str], target: &[&str]) -> Result<String, Failure> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(checkout.root()).args([
        "tree",
        "--package",
        "attribution",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]);
    cargo.args(["--no-default-features"]).args(features).args(target);
    step::finish("cargo tree of the core", Show::OnFailure, &mut cargo)
}

/// Lines of `cargo tree --prefix none`: a name, a version, and more.
fn below_the_core(tree: &str) -> Vec<String> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| NOT_BELOW_THE_CORE.contains(name))
        .map(|name| format!("{name} is below crates/attribution, which must ask nobody (`cargo tree -p attribution -i {name}`)"))
        .collect()
}

/// `cargo metadata` → who names web-sys or worker without being the crate for it.
fn foreign_worlds(metadata: &Value) -> Vec<String> {
    let mut breaches = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let dependency = dependency["name"].as_str().unwrap_or_default();
            for (world, owner) in ONLY_KNOWN_TO {
                if dependency == world && name != owner {
                    breaches.push(format!(
                        "crates/{name} names {world}, which only crates/{owner} may know"
                    ));
                }
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_the_core_may_have_pure_dependencies() {
        let tree = "attribution v0.1.0 (/x)\nserde v1.0.228\nform_urlencoded v1.2.2\nworker-macros v1.0.0\n";
        assert_eq!(below_the_core(tree), Vec::<String>::new());
    }

    #[test]
    fn err_a_clock_or_a_browser_below_the_core_is_named() {
        let found = below_the_core("attribution v0.1.0\ngetrandom v0.3.0\nweb-sys v0.3.107 (*)\n");
        assert_eq!(found.len(), 2);
        assert!(
            found
                .iter()
                .any(|sentence| sentence.starts_with("getrandom is below")),
            "{found:?}"
        );
    }

    #[test]
    fn err_a_foreign_world_outside_its_shell_is_named() {
        let metadata = serde_json::json!({"packages": [
            {"name": "on_demand", "dependencies": [{"name": "web-sys"}]},
            {"name": "collector", "dependencies": [{"name": "worker"}, {"name": "web-sys"}]},
        ]});
        assert_eq!(
            foreign_worlds(&metadata),
            ["crates/collector names web-sys, which only crates/on_demand may know"]
        );
    }
}
