//! Has the input changed since the output was made?
//!
//! Cargo answers that for Rust; the tools after it (wasm-bindgen, wasm-opt, esbuild, worker-build, npm) do not, and
//! together they would make every start wait for seconds. A stamp is a digest of all that a step reads.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::checkout::{Checkout, files_below, write};
use crate::failure::Failure;

/// The digest of a step's input, and the file that remembers it.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// A stamp over files and folders. A path that is not there counts as such.
    pub(crate) fn of(file: PathBuf, inputs: &[PathBuf]) -> Result<Stamp, Failure> {
        let mut digest = Sha256::new();
        for input in inputs {
            let paths = if input.is_dir() {
                files_below(input)?
            } else {
                vec![input.clone()]
            };
            for path in paths {
                let content = fs::read(&path).unwrap_or_default();
                digest.update(
                    path.strip_prefix(input)
                        .unwrap_or(&path)
                        .to_string_lossy()
                        .as_bytes(),
                );
                digest.update(content.len().to_le_bytes());
                digest.update(content);
            }
        }
        Ok(Stamp {
            file,
            digest: hex::encode(digest.finalize()),
        })
    }

    /// The stamp of a part of the product over files and folders of the checkout.
    pub(crate) fn of_part(checkout: &Checkout, part: &str, inputs: &[&str]) -> Result<Stamp, Failure> {
        let inputs: Vec<PathBuf> = inputs.iter().map(|input| checkout.path(input)).collect();
        Self::of(checkout.workshop().join(format!("{part}.stamp")), &inputs)
    }

    /// Whether the step ran on this very input, and what it made is still there.
    pub(crate) fn fits(&self, outputs: &[&Path]) -> bool {
        outputs.iter().all(|output| output.exists())
            && fs::read_to_string(&self.file).is_ok_and(|present| present == self.digest)
    }

    /// Remembers that the step is done.
    pub(crate) fn press(&self) -> Result<(), Failure> {
        write(&self.file, self.digest.as_bytes())
    }
}

/// The first eight hexadecimal digits of a file's digest: enough for a name that changes with the content.
pub(crate) fn content_hash(content: &[u8]) -> String {
    let mut hash = hex::encode(Sha256::digest(content));
    hash.truncate(8);
    hash
}
