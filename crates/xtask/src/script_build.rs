//! The browser module: Rust → WebAssembly → bindings → fewer bytes → names that change with the content.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::node;
use crate::stamp::{Stamp, content_hash};
use crate::step::{self, Show};
use crate::tools::WASM_TARGET;
use crate::{consent_adapters, script_compile, script_names};

/// The features that Rust's target emits by itself. Not `--all-features`, which may write encodings that today's
/// browsers refuse.
const WASM_FEATURES: [&str; 6] = [
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "bulk-memory",
    "multivalue",
    "reference-types",
];

/// Browsers that can run the module (reference types) know this language level.
const JAVASCRIPT_LEVEL: &str = "--target=es2020";

/// The script as a browser downloads it, file by file.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) tag: PathBuf,
    pub(crate) glue: PathBuf,
    pub(crate) module: PathBuf,
}

impl Script {
    /// Where the parts lie before the site is put together.
    pub(crate) fn in_workshop(checkout: &Checkout) -> Script {
        let folder = checkout.workshop().join("script");
        Script {
            tag: folder.join("tag.min.js"),
            glue: folder.join("capture.min.js"),
            module: folder.join("capture.min.wasm"),
        }
    }

    /// `capture-<hash>.js`: a name that may be cached for ever.
    pub(crate) fn glue_name(&self) -> Result<String, Failure> {
        Ok(format!("capture-{}.js", content_hash(&read_bytes(&self.glue)?)))
    }

    /// `capture-<hash>.wasm`.
    pub(crate) fn module_name(&self) -> Result<String, Failure> {
        Ok(format!(
            "capture-{}.wasm",
            content_hash(&read_bytes(&self.module)?)
        ))
    }
}

/// Builds the parts, if what they are made of has changed.
pub(crate) fn build(checkout: &Checkout) -> Result<Script, Failure> {
    let script = Script::in_workshop(checkout);
    let inputs = [
        "Cargo.toml",
        "Cargo.lock",
        "rust-toolchain.toml",
        "package-lock.json",
        "crates/attribution",
        "crates/capture",
        "crates/xtask/src/consent_adapters.rs",
        "crates/xtask/src/script_build.rs",
        "crates/xtask/src/script_compile.rs",
        "crates/xtask/src/script_names.rs",
    ];
    let inputs: Vec<PathBuf> = inputs.iter().map(|input| checkout.path(input)).collect();
    let stamp = Stamp::of(checkout.workshop().join("script.stamp"), &inputs, &[])?;
    let detector = consent_adapters::detector(checkout);
    if stamp.fits(&[&script.tag, &script.glue, &script.module, &detector]) {
        return Ok(script);
    }
    script_compile::compile(checkout)?;
    step::timed("shrinking the browser script", || {
        bind(checkout)?;
        let names = optimise(checkout, &script)?;
        write_glue(checkout, &script, &names)?;
        consent_adapters::build(checkout)?;
        write_tag(checkout, &script)
    })?;
    stamp.press()?;
    Ok(script)
}

/// wasm-bindgen writes `capture.js` and `capture_bg.wasm`. The glue is told where the module lies by the tag, which
/// has begun to download it.
fn bind(checkout: &Checkout) -> Result<(), Failure> {
    let mut bindgen = Command::new(checkout.tools_bin().join("wasm-bindgen"));
    bindgen.arg(checkout.target().join(WASM_TARGET).join("browser/capture.wasm"));
    bindgen.args(["--target", "web", "--omit-default-module-path", "--no-typescript"]);
    bindgen.args([
        "--remove-name-section",
        "--remove-producers-section",
        "--out-name",
        "capture",
        "--out-dir",
    ]);
    bindgen.arg(checkout.workshop().join("script"));
    step::finish(
        "wasm-bindgen on the browser script",
        Show::OnFailure,
        &mut bindgen,
    )
    .map(drop)
}

/// Answers the list of the names that were shortened.
fn optimise(checkout: &Checkout, script: &Script) -> Result<String, Failure> {
    let mut wasm_opt = node::program(checkout, "wasm-opt");
    wasm_opt
        .arg(checkout.workshop().join("script/capture_bg.wasm"))
        .args([
            "-Oz",
            "--strip-target-features",
            "--minify-imports-and-exports-and-modules",
        ]);
    wasm_opt.args(WASM_FEATURES.map(|feature| format!("--enable-{feature}")));
    wasm_opt.arg("-o").arg(&script.module);
    step::finish("wasm-opt on the browser script", Show::OnFailure, &mut wasm_opt)
}

/// The glue holds what `crates/capture/glue.js` names, and no other way to load a module than the one that tag.js goes:
/// it hands in a compiled one.
fn write_glue(checkout: &Checkout, script: &Script, names: &str) -> Result<(), Failure> {
    let bindings = checkout.workshop().join("script/capture.js");
    let shortened = script_names::shorten(&checkout::read(&bindings)?, names)?;
    checkout::write(&bindings, shortened.as_bytes())?;
    let entry = checkout.workshop().join("script/glue.js");
    let source = checkout::read(&checkout.path("crates/capture/glue.js"))?;
    checkout::write(&entry, source.as_bytes())?;
    let options = [
        "--bundle",
        "--format=esm",
        "--drop:console",
        "--define:Response=undefined",
        "--define:Request=undefined",
        "--define:URL=undefined",
    ];
    minify(checkout, &entry, &script.glue, &options)
}

/// The tag names the hashed files and folders, so it is made last.
fn write_tag(checkout: &Checkout, script: &Script) -> Result<(), Failure> {
    let source = checkout.path("crates/capture/tag.js");
    let mut text = checkout::read(&source)?.replace("__CONSENT__", &consent_adapters::folder_name(checkout)?);
    for (placeholder, name) in [
        ("__CAPTURE_JS__", script.glue_name()?),
        ("__CAPTURE_WASM__", script.module_name()?),
    ] {
        if !text.contains(placeholder) {
            return Err(Failure::new(format!(
                "crates/capture/tag.js does not name {placeholder}."
            )));
        }
        text = text.replace(placeholder, &name);
    }
    let named = checkout.workshop().join("script/tag.js");
    checkout::write(&named, text.as_bytes())?;
    minify(checkout, &named, &script.tag, &[])
}

pub(crate) fn minify(checkout: &Checkout, from: &Path, to: &Path, options: &[&str]) -> Result<(), Failure> {
    let mut esbuild = node::program(checkout, "esbuild");
    esbuild
        .arg(from)
        .args([
            "--minify",
            JAVASCRIPT_LEVEL,
            "--charset=utf8",
            "--log-level=warning",
        ])
        .args(options);
    esbuild.arg(format!("--outfile={}", to.display()));
    step::finish("esbuild on the browser script", Show::OnFailure, &mut esbuild).map(drop)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file("read", path, &error))
}
