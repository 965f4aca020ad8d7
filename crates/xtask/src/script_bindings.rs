//! wasm-bindgen's glue without what this script never needs: ways to load a module that are not ours, memory shared
//! between threads, a cache of views that must be renewed, strings longer than two gigabytes. Every change must find
//! what it changes, so that another version of wasm-bindgen cannot pass unnoticed.

use crate::failure::Failure;

/// Functions that are written anew, each from `function NAME(` to the first `}` at the start of a line.
const FUNCTIONS: [(&str, &str); 5] = [
    // A string is encoded once and copied once.
    (
        "passStringToWasm0",
        "function passStringToWasm0(text) {
    const bytes = cachedTextEncoder.encode(text);
    const start = wasm.__wbindgen_malloc(bytes.length, 1);
    getUint8ArrayMemory0().set(bytes, start);
    WASM_VECTOR_LEN = bytes.length;
    return start;
}
",
    ),
    // A view is made whenever one is needed: memory that has grown has another buffer.
    (
        "getDataViewMemory0",
        "function getDataViewMemory0() { return new DataView(wasm.memory.buffer); }\n",
    ),
    (
        "getUint8ArrayMemory0",
        "function getUint8ArrayMemory0() { return new Uint8Array(wasm.memory.buffer); }\n",
    ),
    (
        "decodeText",
        "function decodeText(bytes) { return cachedTextDecoder.decode(bytes); }\n",
    ),
    // Takes what `engine.js` has started.
    (
        "__wbg_finalize_init",
        "function __wbg_finalize_init(exports) { wasm = exports; }\n",
    ),
];

/// Words that stand in every version of the glue, and what they become.
const WORDS: [(&str, &str); 5] = [
    ("        __proto__: null,\n", ""),
    (", wasm.__wbindgen_malloc, wasm.__wbindgen_realloc)", ")"),
    ("cachedTextDecoder.decode();\n", ""),
    (" * 1, 1)", ", 1)"),
    (
        "export { initSync, __wbg_init as default };",
        "export { __wbg_get_imports as imports, __wbg_finalize_init as run };",
    ),
];

/// Where the glue keeps the page's objects in an array, the module asks at which place its own values end: after 1,024 places for
/// what is lent, and `undefined`, `null`, `true`, `false`. wasm-bindgen answers that by itself for a table only.
const ARRAY: [(&str, &str); 3] = [
    ("import * as import1 from \"__wbindgen_externref_xform__\"\n", ""),
    ("        \"__wbindgen_externref_xform__\": import1,\n", ""),
    (
        "const import0 = {\n",
        "const import0 = {\n        __wbindgen_externref_statics_end: function() {\n            return 1028;\n        },\n",
    ),
];

/// What wasm-bindgen writes only for an engine or an interface that needs it.
const MAY_BE_MISSING: [&str; 4] = ["getDataViewMemory0", " * 1, 1)", ARRAY[0].0, ARRAY[1].0];

/// The glue that an engine needs, still with wasm-bindgen's names.
pub(crate) fn trim(glue: &str) -> Result<String, Failure> {
    let mut glue = glue.to_owned();
    let may_lack = |what: &str| MAY_BE_MISSING.contains(&what);
    for (name, anew) in FUNCTIONS {
        if may_lack(name) && !glue.contains(&format!("\nfunction {name}(")) {
            continue;
        }
        glue = write_anew(&glue, name, anew)?;
    }
    for (old, new) in WORDS.iter().chain(&ARRAY) {
        if !glue.contains(old) && !may_lack(old) {
            return Err(unknown(old));
        }
        glue = glue.replace(old, new);
    }
    Ok(glue)
}

fn write_anew(glue: &str, name: &str, anew: &str) -> Result<String, Failure> {
    let head = format!("\nfunction {name}(");
    let changed = glue.split_once(&head).and_then(|(before, rest)| {
        let (_, after) = rest.split_once("\n}\n")?;
        Some(format!("{before}\n{anew}{after}"))
    });
    changed.ok_or_else(|| unknown(&head))
}

fn unknown(what: &str) -> Failure {
    Failure::new(format!(
        "wasm-bindgen's glue has no `{}`, so it cannot be trimmed; has its version changed?",
        what.trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_a_function_is_written_anew_and_its_neighbours_stay() {
        let glue = "\nfunction a() {\n    if (1) {\n    }\n}\n\nfunction b() {\n    2;\n}\nlet c;\n";
        assert_eq!(
            write_anew(glue, "a", "function a() {}\n").unwrap(),
            "\nfunction a() {}\n\nfunction b() {\n    2;\n}\nlet c;\n"
        );
    }

    #[test]
    fn err_a_glue_of_another_shape() {
        let said = trim("export default 1;\n").unwrap_err().to_string();
        assert!(said.contains("passStringToWasm0"), "{said}");
    }
}
