//! The parts of the browser script that are Rust: one that every landing page loads, and those that hardly any page needs.

use std::path::PathBuf;

use crate::checkout::{Checkout, files_below};
use crate::failure::Failure;

/// A crate that becomes a module of the browser script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptPart {
    /// The visit: consent, storage, fields, leads.
    Capture,
    /// The channels of a record, with their table of sources.
    Channel,
    /// Hashed e-mail addresses and phone numbers.
    UserData,
    /// Explanations, platforms' cookies, handed-over visits, leads that wait.
    OnDemand,
}

impl ScriptPart {
    /// Those that a page loads only when it needs them. The last one names the one before it.
    pub(crate) const LAZY: [Self; 3] = [Self::Channel, Self::UserData, Self::OnDemand];

    /// The crate's name, from which all file names come.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ScriptPart::Capture => "capture",
            ScriptPart::Channel => "channel",
            ScriptPart::UserData => "user_data",
            ScriptPart::OnDemand => "on_demand",
        }
    }

    /// When a page downloads the part.
    pub(crate) fn occasion(self) -> &'static str {
        match self {
            ScriptPart::Capture => "always",
            ScriptPart::Channel => "where a field asks for a channel",
            ScriptPart::UserData => "where the site asks for hashed user data",
            ScriptPart::OnDemand => {
                "explain(), clicks in cookies, linked sites, embeds, builders, leads that wait"
            }
        }
    }

    /// A file of the crate.
    pub(crate) fn source(self, checkout: &Checkout, file: &str) -> PathBuf {
        checkout.path("crates").join(self.name()).join(file)
    }

    /// The files that are bundled with the bindings.
    pub(crate) fn files(self, checkout: &Checkout) -> Result<Vec<PathBuf>, Failure> {
        match self {
            ScriptPart::Capture => files_below(&self.source(checkout, "page")),
            ScriptPart::Channel | ScriptPart::UserData | ScriptPart::OnDemand => {
                Ok(vec![self.source(checkout, "glue.js")])
            }
        }
    }

    /// The files that are bundled to the loader of a lazy part; `loader.js` imports the others.
    pub(crate) fn files_of_loader(self) -> &'static [&'static str] {
        match self {
            ScriptPart::Capture => &[],
            ScriptPart::Channel | ScriptPart::UserData => &["loader.js"],
            ScriptPart::OnDemand => &["loader.js", "links.js", "queue.js", "trees.js"],
        }
    }

    /// The one among them that imports the others.
    pub(crate) fn entry(self) -> &'static str {
        match self {
            ScriptPart::Capture => "main.js",
            ScriptPart::Channel | ScriptPart::UserData | ScriptPart::OnDemand => "glue.js",
        }
    }
}
