//! The folder of static files, put together from `www/`, the browser script and the demo's consent tool.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::adapters;
use crate::check_page::CheckPage;
use crate::checkout::{Checkout, files_below, write};
use crate::failure::Failure;
use crate::integrity;
use crate::lazy_part::LazyPart;
use crate::script_build::Script;
use crate::type_rules;

/// Hashed names never change their content; the tag must be asked for again soon, or a new release would not arrive.
/// All of them are loaded by pages of other origins. <https://developers.cloudflare.com/workers/static-assets/headers/>
const HEADERS: &str = "\
/throughline/capture-*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
/throughline/channel-*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
/throughline/on_demand-*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
/throughline/builders-*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
/throughline/user_data-*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
/throughline/consent-*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
/throughline/tag-*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
/throughline/tag.js
  Cache-Control: public, max-age=300
  Access-Control-Allow-Origin: *
/throughline/integrity.json
  Cache-Control: public, max-age=300
  Access-Control-Allow-Origin: *
/throughline/throughline.d.ts
  Content-Type: text/plain; charset=utf-8
";

/// Our own pages, and what each may load and do. They have no inline script or style, so nothing that gets into them runs;
/// `'wasm-unsafe-eval'` lets the tag run as WebAssembly. <https://www.w3.org/TR/CSP3/>
const PAGES: [&str; 3] = ["/throughline/", "/throughline/demo/*", "/throughline/help/*"];
const PAGE_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// The page that checks files promises that nothing leaves the machine, so it may reach nothing but its own files; the same
/// stands in the page itself, for hosts that send no headers.
const CHECK_PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; \
    connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Files of npm packages that a page of ours shows, and where.
const FROM_PACKAGES: [(&str, &str); 2] = [
    (
        "vanilla-cookieconsent/dist/cookieconsent.umd.js",
        "throughline/demo/cookieconsent.umd.js",
    ),
    (
        "vanilla-cookieconsent/dist/cookieconsent.css",
        "throughline/demo/cookieconsent.css",
    ),
];

/// Makes `build/site` hold these files and no others. What is already right is left alone, because a running local
/// runtime watches the folder.
pub(crate) fn assemble(checkout: &Checkout, script: &Script, check_page: &CheckPage) -> Result<(), Failure> {
    let site = checkout.site();
    let wanted = wanted(checkout, script, check_page)?;
    for (path, source) in &wanted {
        write(&site.join(path), &source.content()?)?;
    }
    for present in files_below(&site)? {
        let known = present
            .strip_prefix(&site)
            .is_ok_and(|path| wanted.contains_key(path));
        if !known {
            fs::remove_file(&present).map_err(|error| Failure::file("remove", &present, &error))?;
        }
    }
    Ok(())
}

enum Source {
    File(PathBuf),
    Text(String),
}

impl Source {
    fn content(&self) -> Result<Vec<u8>, Failure> {
        match self {
            Source::File(file) => fs::read(file).map_err(|error| Failure::file("read", file, &error)),
            Source::Text(text) => Ok(text.as_bytes().to_vec()),
        }
    }
}

/// Path below `build/site` → where its content comes from.
fn wanted(
    checkout: &Checkout,
    script: &Script,
    check_page: &CheckPage,
) -> Result<BTreeMap<PathBuf, Source>, Failure> {
    let ours = Path::new("throughline");
    let mut wanted = BTreeMap::new();
    let www = checkout.path("www");
    for file in files_below(&www)? {
        let path = ours.join(file.strip_prefix(&www).unwrap_or(&file));
        wanted.insert(path, Source::File(file));
    }
    for (file, path) in FROM_PACKAGES {
        wanted.insert(
            PathBuf::from(path),
            Source::File(checkout.path("node_modules").join(file)),
        );
    }
    let parts = [
        ("tag.js".to_owned(), &script.tag),
        (script.pinned_tag_name()?, &script.tag),
        (script.glue_name()?, &script.glue),
        (script.module_name()?, &script.module),
        (script.fallback_name()?, &script.fallback),
    ];
    for (name, file) in parts {
        wanted.insert(ours.join(name), Source::File(file.clone()));
    }
    for part in LazyPart::all(checkout) {
        for (name, file) in part.named()? {
            wanted.insert(ours.join(name), Source::File(file.to_owned()));
        }
    }
    for adapters in adapters::ALL {
        let folder = ours.join(adapters.folder_name(checkout)?);
        for file in adapters.files(checkout)? {
            let name = file.file_name().unwrap_or_default().to_owned();
            wanted.insert(folder.join(name), Source::File(file));
        }
    }
    for (name, file) in [
        ("worker.js".to_owned(), &check_page.worker),
        (check_page.module_name()?, &check_page.module),
    ] {
        wanted.insert(ours.join("check").join(name), Source::File(file.clone()));
    }
    wanted.insert(
        ours.join("integrity.json"),
        Source::Text(integrity_list(&wanted)?),
    );
    wanted.insert(
        ours.join("throughline.d.ts"),
        Source::File(type_rules::types(checkout)),
    );
    wanted.insert(PathBuf::from("_headers"), Source::Text(headers()));
    Ok(wanted)
}

/// How Cloudflare answers with the files.
fn headers() -> String {
    let pages = PAGES.map(|page| format!("{page}\n  Content-Security-Policy: {PAGE_POLICY}\n"));
    let check_page = format!("/throughline/check/*\n  Content-Security-Policy: {CHECK_PAGE_POLICY}\n");
    format!("{HEADERS}{}{check_page}", pages.concat())
}

/// Names that hold a hash of the content, or lie in a folder that does.
const HASHED: [&str; 7] = [
    "builders-",
    "capture-",
    "channel-",
    "consent-",
    "on_demand-",
    "tag-",
    "user_data-",
];

/// File → hash, for `<script integrity>` and for the `integrity` of an import map. Only of files whose names never get
/// other content: `tag.js` is another file after the next release.
fn integrity_list(wanted: &BTreeMap<PathBuf, Source>) -> Result<String, Failure> {
    let mut hashes = BTreeMap::new();
    for (path, source) in wanted {
        let name = path
            .strip_prefix("throughline")
            .unwrap_or(path)
            .display()
            .to_string();
        if HASHED.iter().any(|start| name.starts_with(start)) {
            hashes.insert(name, integrity::sha384(&source.content()?));
        }
    }
    serde_json::to_string_pretty(&hashes)
        .map(|list| format!("{list}\n"))
        .map_err(|error| Failure::new(format!("The list of hashes could not be written: {error}.")))
}
