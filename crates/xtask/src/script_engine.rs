//! One module, two engines: WebAssembly, and plain JavaScript for pages whose policy or browser has no WebAssembly.
//!
//! Both come from the same compilation, so that they cannot differ in what they know. For JavaScript the bindings must
//! not keep the page's objects in a table of the module, because binaryen's wasm2js knows no such tables: they are
//! asked to keep them in an array of the glue instead.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkout::{self, Checkout};
use crate::failure::Failure;
use crate::script_part::ScriptPart;
use crate::step::{self, Show};
use crate::tools::WASM_TARGET;
use crate::{node, script_bindings, script_names};

/// What runs the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptEngine {
    Wasm,
    JavaScript,
}

/// The features that Rust's target emits by itself. Not `--all-features`, which may write encodings that today's
/// browsers refuse.
pub(crate) const WASM_FEATURES: [&str; 6] = [
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "bulk-memory",
    "multivalue",
    "reference-types",
];

/// What wasm-bindgen has every module offer, whether its glue calls it or not.
const OFFERED: [&str; 4] = [
    "__wbindgen_realloc",
    "__wbindgen_free",
    "__abort_handler",
    "__instance_terminated",
];

/// The smallest module, as a search over binaryen's passes found it. The lowest kilobyte of the memory is the far end of the
/// stack, which no code names (`low-memory-unused`). Hints about alignment are left out: processors of today do not need
/// them, and without them instructions look more alike to a compressor. Before all that the compiler's nested blocks are
/// taken apart and put together anew, and what then is found smaller is looked at twice.
const SMALLEST_WASM: [&str; 8] = [
    "--flatten",
    "--rereloop",
    "--rse",
    "-Oz",
    "--monomorphize",
    "-Oz",
    "--low-memory-unused",
    "--dealign",
];

/// What wasm2js cannot say in JavaScript is said in simpler instructions first.
const FOR_JAVASCRIPT: [&str; 4] = [
    "--llvm-memory-copy-fill-lowering",
    "--llvm-nontrapping-fptoint-lowering",
    "--signext-lowering",
    "-Oz",
];

impl ScriptEngine {
    /// A folder of its own for the steps between.
    pub(crate) fn workshop(self, checkout: &Checkout, part: ScriptPart) -> PathBuf {
        let folder = checkout.workshop().join("script").join(part.name());
        folder.join(match self {
            ScriptEngine::Wasm => "wasm",
            ScriptEngine::JavaScript => "js",
        })
    }

    /// wasm-bindgen reads in the section `target_features` how it may hand objects and several results over. Objects of the
    /// page are few, and a table for them costs more than an array of the glue.
    fn taken_back(self) -> &'static [&'static str] {
        match self {
            ScriptEngine::Wasm => &["reference-types"],
            ScriptEngine::JavaScript => &["reference-types", "multivalue"],
        }
    }

    /// How the module is started.
    fn starter(self) -> &'static str {
        match self {
            ScriptEngine::Wasm => "crates/capture/engine_wasm.js",
            ScriptEngine::JavaScript => "crates/capture/engine_js.js",
        }
    }
}

/// Writes the part's entry and all that it imports into the engine's folder, and the module to `module`.
pub(crate) fn build(
    checkout: &Checkout,
    part: ScriptPart,
    engine: ScriptEngine,
    module: &Path,
) -> Result<PathBuf, Failure> {
    let workshop = engine.workshop(checkout, part);
    checkout::make_folder(&workshop)?;
    bind(checkout, part, engine, &workshop)?;
    let bindings = workshop.join(format!("{}.js", part.name()));
    let trimmed = script_bindings::trim(&checkout::read(&bindings)?)?;
    let names = optimise(checkout, part, engine, &trimmed, module)?;
    let shortened = script_names::shorten(&trimmed, part, &names)?;
    checkout::write(&bindings, shortened.as_bytes())?;
    if engine == ScriptEngine::JavaScript {
        to_javascript(checkout, module, &workshop.join("module.js"))?;
    }
    // The part's own files import the bindings and the starter as files beside them.
    let engine_file = checkout.path(engine.starter());
    let mut sources = vec![(engine_file, PathBuf::from("engine.js"))];
    for file in part.files(checkout)? {
        let name = file.file_name().unwrap_or_default().into();
        sources.push((file, name));
    }
    for (source, name) in sources {
        let text = checkout::read(&source)?.replace("__PART__", part.name());
        checkout::write(&workshop.join(name), text.as_bytes())?;
    }
    Ok(workshop.join(part.entry()))
}

/// wasm-bindgen writes `capture.js` and `capture_bg.wasm`, or those of another part.
fn bind(checkout: &Checkout, part: ScriptPart, engine: ScriptEngine, workshop: &Path) -> Result<(), Failure> {
    let name = format!("browser/{}.wasm", part.name());
    let compiled = checkout.target().join(WASM_TARGET).join(name);
    let mut module = fs::read(&compiled).map_err(|error| Failure::file("read", &compiled, &error))?;
    for feature in engine.taken_back() {
        take_feature_back(&mut module, feature)?;
    }
    let input = workshop.join("compiled.wasm");
    checkout::write(&input, &module)?;
    let mut bindgen = Command::new(checkout.tools_bin().join("wasm-bindgen"));
    bindgen
        .arg(input)
        .args(["--target", "web", "--omit-default-module-path", "--no-typescript"])
        .args(["--encode-into", "always"])
        .args(["--remove-name-section", "--remove-producers-section"])
        .args(["--out-name", part.name(), "--out-dir"])
        .arg(workshop);
    let title = "wasm-bindgen on the browser script";
    step::finish(title, Show::OnFailure, &mut bindgen).map(drop)
}

/// Turns `+` into `-` before the feature's name
/// (<https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md#target-features-section>).
fn take_feature_back(module: &mut [u8], feature: &str) -> Result<(), Failure> {
    let length = u8::try_from(feature.len()).unwrap_or_default();
    let entry = [&[b'+', length], feature.as_bytes()].concat();
    let mut found = module.windows(entry.len()).enumerate();
    let places: Vec<usize> = found
        .by_ref()
        .filter_map(|(place, bytes)| (bytes == entry).then_some(place))
        .collect();
    match places.as_slice() {
        [place] => {
            if let Some(sign) = module.get_mut(*place) {
                *sign = b'-';
            }
            Ok(())
        }
        _ => Err(Failure::new(format!(
            "The compiled script does not name its feature {feature} once, so it cannot be turned into JavaScript."
        ))),
    }
}

/// Answers the list of the names that were shortened.
fn optimise(
    checkout: &Checkout,
    part: ScriptPart,
    engine: ScriptEngine,
    glue: &str,
    module: &Path,
) -> Result<String, Failure> {
    let unused = OFFERED
        .iter()
        .filter(|name| !glue.contains(&format!("wasm.{name}")));
    let bound = engine
        .workshop(checkout, part)
        .join(format!("{}_bg.wasm", part.name()));
    let mut wasm_opt = node::program(checkout, "wasm-opt");
    wasm_opt
        .arg(bound)
        .args(WASM_FEATURES.map(|feature| format!("--enable-{feature}")))
        .args(unused.map(|name| format!("--remove-exports={name}")))
        .args(match engine {
            ScriptEngine::Wasm => SMALLEST_WASM.as_slice(),
            ScriptEngine::JavaScript => &FOR_JAVASCRIPT,
        })
        .args([
            "--strip-target-features",
            "--minify-imports-and-exports-and-modules",
        ])
        .arg("-o")
        .arg(module);
    step::finish("wasm-opt on the browser script", Show::OnFailure, &mut wasm_opt)
}

/// binaryen's wasm2js writes an ES module that starts itself with what it imports; ours is started by the glue.
fn to_javascript(checkout: &Checkout, module: &Path, to: &Path) -> Result<(), Failure> {
    let mut wasm2js = node::program(checkout, "wasm2js");
    wasm2js.arg(module).args(["-O", "-o"]).arg(to);
    step::finish("wasm2js on the browser script", Show::OnFailure, &mut wasm2js)?;
    let started = started_by_the_glue(&checkout::read(to)?)?;
    checkout::write(to, started.as_bytes())
}

fn started_by_the_glue(javascript: &str) -> Result<String, Failure> {
    // A part that calls nothing of the page imports nothing.
    let body = javascript
        .strip_prefix("import * as a from 'a';")
        .unwrap_or(javascript);
    let body = body
        .split_once("\nvar retasmFunc = asmFunc(")
        .map(|(body, _)| body);
    body.map(|body| format!("{body}\nexport default asmFunc;\n"))
        .ok_or_else(|| Failure::new("wasm2js wrote a module of another shape than this build knows."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_feature_is_taken_back_once() {
        let mut module = b"..+\x0amultivalue+\x08sign-ext".to_vec();
        take_feature_back(&mut module, "multivalue").unwrap();
        assert_eq!(module, b"..-\x0amultivalue+\x08sign-ext");
    }

    #[test]
    fn err_a_module_without_the_feature_or_with_two() {
        for module in ["", "-\u{a}multivalue", "+\u{a}multivalue+\u{a}multivalue"] {
            let said = take_feature_back(&mut module.as_bytes().to_vec(), "multivalue").unwrap_err();
            assert!(said.to_string().contains("feature multivalue"), "{said}");
        }
    }

    #[test]
    fn ok_the_javascript_waits_for_the_glue() {
        let written = "import * as a from 'a';\n\nfunction asmFunc(imports) {}\n\nvar retasmFunc = asmFunc({\n  \"a\": a,\n});\nexport var z = retasmFunc.z;\n";
        assert_eq!(
            started_by_the_glue(written).unwrap(),
            "\n\nfunction asmFunc(imports) {}\n\nexport default asmFunc;\n"
        );
        assert!(started_by_the_glue("export default 1").is_err());
    }
}
