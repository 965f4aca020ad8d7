//! The part of the browser script that tells channels: three files, of which `tag.js` names the first, and that only for
//! a page with a field that asks.

use std::path::{Path, PathBuf};

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::integrity;
use crate::script_build::minify;
use crate::script_engine::{self, ScriptEngine};
use crate::script_part::ScriptPart;
use crate::stamp::content_hash;

/// How the bundles are made: as for the part that every page loads.
const BUNDLE: [&str; 5] = [
    "--bundle",
    "--format=esm",
    "--drop:console",
    "--define:global=undefined",
    "--define:self=undefined",
];

/// The part as a browser downloads it, file by file.
#[derive(Debug)]
pub(crate) struct ChannelFiles {
    /// Chooses the engine, and is the glue of the module.
    pub(crate) loader: PathBuf,
    pub(crate) module: PathBuf,
    /// The same as plain JavaScript.
    pub(crate) fallback: PathBuf,
}

impl ChannelFiles {
    /// Where they lie before the site is put together.
    pub(crate) fn in_workshop(checkout: &Checkout) -> ChannelFiles {
        let folder = checkout.workshop().join("script");
        ChannelFiles {
            loader: folder.join("channel.min.js"),
            module: folder.join("channel.min.wasm"),
            fallback: folder.join("channel-js.min.js"),
        }
    }

    /// Each file with its name, which changes with the content and may be cached for ever.
    pub(crate) fn named(&self) -> Result<[(String, &Path); 3], Failure> {
        Ok([
            (self.loader_name()?, &self.loader),
            (self.module_name()?, &self.module),
            (self.fallback_name()?, &self.fallback),
        ])
    }

    fn module_name(&self) -> Result<String, Failure> {
        hashed("channel-", &self.module, ".wasm")
    }

    fn fallback_name(&self) -> Result<String, Failure> {
        hashed("channel-js-", &self.fallback, ".js")
    }

    /// `channel-<hash>.js`, which the tag names.
    pub(crate) fn loader_name(&self) -> Result<String, Failure> {
        hashed("channel-", &self.loader, ".js")
    }
}

/// Compiles the part and makes its files. The loader names the other two, so it is made last.
pub(crate) fn build(checkout: &Checkout) -> Result<(), Failure> {
    let files = ChannelFiles::in_workshop(checkout);
    let (part, engine) = (ScriptPart::Channel, ScriptEngine::JavaScript);
    let in_between = engine.workshop(checkout, part).join("module.wasm");
    let entry = script_engine::build(checkout, part, engine, &in_between)?;
    minify(checkout, &entry, &files.fallback, &BUNDLE)?;
    script_engine::build(checkout, part, ScriptEngine::Wasm, &files.module)?;
    write_loader(checkout, &files)
}

fn write_loader(checkout: &Checkout, files: &ChannelFiles) -> Result<(), Failure> {
    let source = ScriptPart::Channel.source(checkout, "loader.js");
    let fallback = files.fallback_name()?;
    let hash = integrity::sha256(&read_bytes(&files.module)?);
    let text = checkout::read(&source)?
        .replace("__CHANNEL_WASM_INTEGRITY__", &hash)
        .replace("__CHANNEL_WASM__", &files.module_name()?)
        .replace("__CHANNEL_FALLBACK__", &fallback);
    let workshop = ScriptEngine::Wasm.workshop(checkout, ScriptPart::Channel);
    let named = workshop.join("loader.js");
    checkout::write(&named, text.as_bytes())?;
    let external = format!("--external:./{fallback}");
    let options: Vec<&str> = BUNDLE.into_iter().chain([external.as_str()]).collect();
    minify(checkout, &named, &files.loader, &options)
}

fn hashed(start: &str, file: &Path, end: &str) -> Result<String, Failure> {
    Ok(format!("{start}{}{end}", content_hash(&read_bytes(file)?)))
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file("read", path, &error))
}
