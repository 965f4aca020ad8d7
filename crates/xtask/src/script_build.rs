//! The browser module: Rust → WebAssembly → bindings → fewer bytes → names that change with the content.

use std::path::{Path, PathBuf};

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::lazy_part::LazyPart;
use crate::node;
use crate::script_engine::{self, ScriptEngine};
use crate::script_part::ScriptPart;
use crate::stamp::{Stamp, content_hash};
use crate::step::{self, Show};
use crate::{adapters, integrity, script_compile};

/// Browsers that can run the module (reference types) know this language level.
const JAVASCRIPT_LEVEL: &str = "--target=es2020";

/// The script as a browser downloads it, file by file.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) tag: PathBuf,
    pub(crate) glue: PathBuf,
    pub(crate) module: PathBuf,
    /// The same as glue and module together, for pages without WebAssembly.
    pub(crate) fallback: PathBuf,
}

impl Script {
    /// Where the parts lie before the site is put together.
    pub(crate) fn in_workshop(checkout: &Checkout) -> Script {
        let folder = checkout.workshop().join("script");
        Script {
            tag: folder.join("tag.min.js"),
            glue: folder.join("capture.min.js"),
            module: folder.join("capture.min.wasm"),
            fallback: folder.join("capture-js.min.js"),
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

    /// `capture-js-<hash>.js`.
    pub(crate) fn fallback_name(&self) -> Result<String, Failure> {
        Ok(format!(
            "capture-js-{}.js",
            content_hash(&read_bytes(&self.fallback)?)
        ))
    }

    /// `tag-<hash>.js`: the tag for pages that pin it, which needs a name that never gets other content.
    pub(crate) fn pinned_tag_name(&self) -> Result<String, Failure> {
        Ok(format!("tag-{}.js", content_hash(&read_bytes(&self.tag)?)))
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
        "crates/channel",
        "crates/on_demand",
        "crates/user_data",
        "crates/xtask/src/adapters.rs",
        "crates/xtask/src/lazy_part.rs",
        "crates/xtask/src/script_bindings.rs",
        "crates/xtask/src/script_build.rs",
        "crates/xtask/src/script_compile.rs",
        "crates/xtask/src/script_engine.rs",
        "crates/xtask/src/script_names.rs",
        "crates/xtask/src/script_part.rs",
    ];
    let stamp = Stamp::of_part(checkout, "script", &inputs)?;
    let lazy = LazyPart::all(checkout);
    let lazy_files = lazy
        .iter()
        .flat_map(|part| [&part.loader, &part.module, &part.fallback]);
    let parts: Vec<&Path> = [&script.tag, &script.glue, &script.module, &script.fallback]
        .into_iter()
        .chain(lazy_files)
        .map(PathBuf::as_path)
        .collect();
    if stamp.fits(&parts) {
        return Ok(script);
    }
    for part in [ScriptPart::Capture].into_iter().chain(ScriptPart::LAZY) {
        script_compile::compile(checkout, part)?;
    }
    step::timed("shrinking the browser script", || {
        // The lazy parts name the adapters, and the page script names the lazy parts.
        for folder in adapters::ALL {
            folder.build(checkout)?;
        }
        for part in &lazy {
            part.build(checkout)?;
        }
        for engine in [ScriptEngine::Wasm, ScriptEngine::JavaScript] {
            write_engine(checkout, &script, engine)?;
        }
        write_tag(checkout, &script)
    })?;
    stamp.press()?;
    Ok(script)
}

/// A bundle holds the page script with as much of the bindings as it calls, and no other way to start the module than the one of its
/// engine. The module looks for the page under the names that it has in a worker or in Node.js too, where it never runs.
fn write_engine(checkout: &Checkout, script: &Script, engine: ScriptEngine) -> Result<(), Failure> {
    let (module, bundle) = match engine {
        ScriptEngine::Wasm => (script.module.clone(), &script.glue),
        ScriptEngine::JavaScript => (
            engine.workshop(checkout, ScriptPart::Capture).join("module.wasm"),
            &script.fallback,
        ),
    };
    let entry = script_engine::build(checkout, ScriptPart::Capture, engine, &module)?;
    let external = name_lazy_parts(checkout, &entry)?;
    // The bindings call it as if it were the page's.
    let host = format!("--inject:{}", entry.with_file_name("host.js").display());
    let options = [
        host.as_str(),
        external.as_str(),
        "--bundle",
        "--format=esm",
        "--drop:console",
        "--define:global=undefined",
        "--define:self=undefined",
        "--define:window=undefined",
    ];
    minify(checkout, &entry, bundle, &options)
}

/// The tag names the hashed files and folders, so it is made last.
fn write_tag(checkout: &Checkout, script: &Script) -> Result<(), Failure> {
    let source = checkout.path("crates/capture/tag.js");
    let channel = LazyPart::in_workshop(checkout, ScriptPart::Channel);
    let mut text = checkout::read(&source)?
        .replace("__CONSENT__", &adapters::CONSENT.folder_name(checkout)?)
        .replace("__CHANNEL_JS__", &channel.loader_name()?);
    for (placeholder, name) in [
        ("__CAPTURE_JS__", script.glue_name()?),
        ("__CAPTURE_WASM__", script.module_name()?),
        (
            "__CAPTURE_WASM_INTEGRITY__",
            integrity::sha256(&read_bytes(&script.module)?),
        ),
        ("__CAPTURE_FALLBACK__", script.fallback_name()?),
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

/// Writes the name of the part that loads on demand, which lies beside the page script, into the script's entry.
/// Answers how the bundler is told to leave the name alone.
fn name_lazy_parts(checkout: &Checkout, entry: &Path) -> Result<String, Failure> {
    let name = LazyPart::in_workshop(checkout, ScriptPart::OnDemand).loader_name()?;
    let text = checkout::read(entry)?.replace("__ON_DEMAND_JS__", &name);
    checkout::write(entry, text.as_bytes())?;
    Ok(format!("--external:./{name}"))
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
    step::finish("esbuild on the browser script", Show::OnFailure, &mut esbuild)?;
    shrink(checkout, to, options.contains(&"--format=esm"))
}

/// esbuild bundles, and shrinks each expression by itself; terser looks at the whole, which is 300 bytes less to download.
fn shrink(checkout: &Checkout, file: &Path, is_module: bool) -> Result<(), Failure> {
    let mut terser = node::program(checkout, "terser");
    terser.arg(file).arg("--output").arg(file).args([
        "--ecma",
        "2020",
        "--mangle",
        "--compress",
        "passes=4,unsafe_arrows=true",
    ]);
    if is_module {
        terser.arg("--module");
    }
    step::finish("terser on the browser script", Show::OnFailure, &mut terser).map(drop)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file("read", path, &error))
}
