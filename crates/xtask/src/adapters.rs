//! Adapters: one small file for each consent tool and each form builder, of which a page downloads those of the tools and
//! builders that it has.

use std::path::PathBuf;

use crate::checkout::{Checkout, files_below, make_folder};
use crate::failure::Failure;
use crate::script_build::minify;
use crate::stamp::content_hash;

/// A folder of adapters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Adapters {
    /// Its name in `crates/capture`, and the first part of its name in the product.
    name: &'static str,
    /// What a page has that downloads one of them.
    pub(crate) occasion: &'static str,
}

/// They read what the visitor has answered.
pub(crate) const CONSENT: Adapters = Adapters {
    name: "consent",
    occasion: "consent tool",
};

/// They write into forms that no event of a field reaches, and into the addresses of forms that live elsewhere.
pub(crate) const BUILDERS: Adapters = Adapters {
    name: "builders",
    occasion: "form builder that needs one",
};

/// Every folder.
pub(crate) const ALL: [Adapters; 2] = [CONSENT, BUILDERS];

impl Adapters {
    /// Every file as a browser downloads it, sorted by name.
    pub(crate) fn files(self, checkout: &Checkout) -> Result<Vec<PathBuf>, Failure> {
        files_below(&self.in_workshop(checkout))
    }

    /// `consent-<hash>`: a name that changes with any of the files, so that all of them may be cached for ever although
    /// they ask for each other by plain names.
    pub(crate) fn folder_name(self, checkout: &Checkout) -> Result<String, Failure> {
        let mut all = Vec::new();
        for file in self.files(checkout)? {
            let content = std::fs::read(&file).map_err(|error| Failure::file("read", &file, &error))?;
            all.extend_from_slice(file.file_name().unwrap_or_default().as_encoded_bytes());
            all.extend_from_slice(&content.len().to_le_bytes());
            all.extend_from_slice(&content);
        }
        Ok(format!("{}-{}", self.name, content_hash(&all)))
    }

    /// Makes each file small. What several adapters share lies in folders below theirs and becomes part of each, because
    /// one more request would cost more than the few lines.
    pub(crate) fn build(self, checkout: &Checkout) -> Result<(), Failure> {
        let sources = checkout.path("crates/capture").join(self.name);
        let folder = self.in_workshop(checkout);
        make_folder(&folder)?;
        for left in files_below(&folder)? {
            std::fs::remove_file(&left).map_err(|error| Failure::file("remove", &left, &error))?;
        }
        for source in files_below(&sources)? {
            let Some(name) = source
                .file_name()
                .filter(|_| source.parent() == Some(sources.as_path()))
            else {
                continue;
            };
            if source.extension().is_some_and(|extension| extension == "js") {
                minify(
                    checkout,
                    &source,
                    &folder.join(name),
                    &["--bundle", "--format=esm"],
                )?;
            }
        }
        Ok(())
    }

    fn in_workshop(self, checkout: &Checkout) -> PathBuf {
        checkout.workshop().join("script").join(self.name)
    }
}
