//! Where things lie in this checkout.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;
use crate::step::{self, Show};

/// The folder that holds the workspace, and the places in it that automation reads and writes.
#[derive(Debug)]
pub(crate) struct Checkout {
    root: PathBuf,
    target: PathBuf,
}

impl Checkout {
    /// The checkout that this program was built from.
    pub(crate) fn find() -> Result<Checkout, Failure> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .filter(|root| root.join("Cargo.lock").is_file())
            .ok_or_else(|| {
                Failure::new("The checkout was moved after xtask was built; start it by `cargo xtask`.")
            })?;
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        Ok(Checkout {
            root: root.to_owned(),
            target: std::path::absolute(&target).unwrap_or(target),
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// Cargo's output.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Our own intermediate files and stamps.
    pub(crate) fn workshop(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// Programs that were installed for this project alone.
    pub(crate) fn tools_bin(&self) -> PathBuf {
        self.root.join(".tools/bin")
    }

    /// What the Worker serves as static files: `build/site` is the host's root, our files live one folder below.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("build/site")
    }

    /// What cargo says of the packages of the workspace.
    pub(crate) fn metadata(&self) -> Result<Value, Failure> {
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(&self.root)
            .args(["metadata", "--no-deps", "--format-version", "1"]);
        let metadata = step::finish("cargo metadata", Show::OnFailure, &mut cargo)?;
        serde_json::from_str(&metadata)
            .map_err(|error| Failure::new(format!("cargo metadata printed no JSON: {error}.")))
    }

    /// The version of a package in Cargo.lock; programs that must match a library are pinned by it.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String, Failure> {
        let path = self.path("Cargo.lock");
        let lock = read(&path)?;
        let name = format!("name = \"{package}\"");
        lock.lines()
            .skip_while(|line| *line != name)
            .nth(1)
            .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
            .map(str::to_owned)
            .ok_or_else(|| {
                Failure::new(format!(
                    "Cargo.lock does not hold {package}; run `cargo update --workspace`."
                ))
            })
    }
}

/// A text file, or the sentence that says which one could not be read.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::file("read", path, &error))
}

/// Writes a file and the folders above it, unless it already holds just this. Runtimes watch these files, and a write
/// that changes nothing would make them start over.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    fs::write(path, content).map_err(|error| Failure::file("write", path, &error))
}

/// A folder that exists afterwards.
pub(crate) fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| Failure::file("make the folder", path, &error))
}

/// Every file below a folder, sorted, so that digests and copies do not depend on the file system. Folders that hold
/// output are left out.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    const OUTPUT: [&str; 2] = ["build", "target"];
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| Failure::file("read", &folder, &error))?;
        for entry in entries {
            let path = entry
                .map_err(|error| Failure::file("read", &folder, &error))?
                .path();
            if !path.is_dir() {
                found.push(path);
            } else if !path
                .file_name()
                .is_some_and(|name| OUTPUT.iter().any(|output| name == *output))
            {
                folders.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
