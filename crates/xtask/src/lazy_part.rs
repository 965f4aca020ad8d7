//! A part of the browser script that hardly any page loads: three files, of which the page script or the tag names the
//! first, and imports it when a page needs it.

use std::path::{Path, PathBuf};

use crate::adapters;
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
pub(crate) struct LazyPart {
    part: ScriptPart,
    /// Chooses the engine, and is the glue of the module.
    pub(crate) loader: PathBuf,
    pub(crate) module: PathBuf,
    /// The same as plain JavaScript.
    pub(crate) fallback: PathBuf,
}

impl LazyPart {
    /// All of them.
    pub(crate) fn all(checkout: &Checkout) -> [LazyPart; 3] {
        ScriptPart::LAZY.map(|part| LazyPart::in_workshop(checkout, part))
    }

    /// Where the files lie before the site is put together.
    pub(crate) fn in_workshop(checkout: &Checkout, part: ScriptPart) -> LazyPart {
        let folder = checkout.workshop().join("script");
        let file = |end: &str| folder.join(format!("{}{end}", part.name()));
        LazyPart {
            part,
            loader: file(".min.js"),
            module: file(".min.wasm"),
            fallback: file("-js.min.js"),
        }
    }

    /// When a page downloads it.
    pub(crate) fn occasion(&self) -> &'static str {
        self.part.occasion()
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
        self.hashed("-", &self.module, ".wasm")
    }

    fn fallback_name(&self) -> Result<String, Failure> {
        self.hashed("-js-", &self.fallback, ".js")
    }

    /// `channel-<hash>.js`, which the page script or the tag names.
    pub(crate) fn loader_name(&self) -> Result<String, Failure> {
        self.hashed("-", &self.loader, ".js")
    }

    fn hashed(&self, middle: &str, file: &Path, end: &str) -> Result<String, Failure> {
        let hash = content_hash(&read_bytes(file)?);
        Ok(format!("{}{middle}{hash}{end}", self.part.name()))
    }

    /// Makes the files of the compiled part. The loader names the other two, so it is made last.
    pub(crate) fn build(&self, checkout: &Checkout) -> Result<(), Failure> {
        let engine = ScriptEngine::JavaScript;
        let in_between = engine.workshop(checkout, self.part).join("module.wasm");
        let entry = script_engine::build(checkout, self.part, engine, &in_between)?;
        minify(checkout, &entry, &self.fallback, &BUNDLE)?;
        script_engine::build(checkout, self.part, ScriptEngine::Wasm, &self.module)?;
        self.write_loader(checkout)
    }

    fn write_loader(&self, checkout: &Checkout) -> Result<(), Failure> {
        let workshop = ScriptEngine::Wasm.workshop(checkout, self.part);
        let fallback = self.fallback_name()?;
        let hash = integrity::sha256(&read_bytes(&self.module)?);
        let starter = checkout::read(&checkout.path("crates/capture/engine_chosen.js"))?
            .replace("__PART_WASM_INTEGRITY__", &hash)
            .replace("__PART_WASM__", &self.module_name()?)
            .replace("__PART_FALLBACK__", &fallback);
        checkout::write(&workshop.join("engine_chosen.js"), starter.as_bytes())?;
        // One part fetches another one, which lies beside it.
        let fetched = match self.part {
            ScriptPart::OnDemand => {
                Some(LazyPart::in_workshop(checkout, ScriptPart::UserData).loader_name()?)
            }
            ScriptPart::Capture | ScriptPart::Channel | ScriptPart::UserData => None,
        };
        for file in self.part.files_of_loader() {
            let mut text = checkout::read(&self.part.source(checkout, file))?
                .replace("__BUILDERS__", &adapters::BUILDERS.folder_name(checkout)?);
            if let Some(name) = &fetched {
                text = text.replace("__USER_DATA_JS__", name);
            }
            checkout::write(&workshop.join(file), text.as_bytes())?;
        }
        let loader = workshop.join("loader.js");
        let external = [Some(fallback), fetched].into_iter().flatten();
        let external: Vec<String> = external.map(|name| format!("--external:./{name}")).collect();
        let options: Vec<&str> = BUNDLE
            .into_iter()
            .chain(external.iter().map(String::as_str))
            .collect();
        minify(checkout, &loader, &self.loader, &options)
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file("read", path, &error))
}
