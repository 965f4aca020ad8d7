//! Short names between the browser module and its glue. wasm-bindgen's carry 16 digits of a hash each, in both files,
//! and no encoding can shrink those.

use serde_json::Value;

use crate::failure::Failure;
use crate::script_part::ScriptPart;

/// Renames in the glue what `wasm-opt --minify-imports-and-exports-and-modules` has renamed in the module; `told` is
/// what it printed.
pub(crate) fn shorten(glue: &str, part: ScriptPart, told: &str) -> Result<String, Failure> {
    let told: Value = serde_json::from_str(told)
        .map_err(|error| Failure::new(format!("wasm-opt printed no list of names: {error}.")))?;
    // The name under which the glue hands its functions to the module.
    let mut glue = glue.replace(&format!("\"./{}_bg.js\"", part.name()), "\"a\"");
    for import in rows(&told, "imports") {
        if let [_, long, short] = import.as_slice() {
            // A method of the object that the module is given.
            glue = rename(&glue, &format!("{long}: function"), &format!("{short}: function"))?;
        }
    }
    for export in rows(&told, "exports") {
        if let [long, short] = export.as_slice() {
            glue = replace_word(&glue, &format!("wasm.{long}"), &format!("wasm.{short}"));
        }
    }
    Ok(without_unused_imports(&glue))
}

/// What wasm-bindgen offers to the module and `wasm-opt` found no use for still has its long name.
fn without_unused_imports(glue: &str) -> String {
    const MEMBER_ENDS: &str = "\n        },";
    let mut kept = String::new();
    let mut rest = glue;
    while let Some(place) = rest.find("\n        __wb") {
        let (before, member) = rest.split_at(place);
        let is_function = member
            .lines()
            .nth(1)
            .is_some_and(|line| line.contains(": function("));
        let Some(end) = member.find(MEMBER_ENDS).filter(|_| is_function) else {
            break;
        };
        kept.push_str(before);
        rest = member.get(end + MEMBER_ENDS.len()..).unwrap_or_default();
    }
    let kept = kept + rest;
    // Where the array's own functions are the only ones that look at it, nothing is ever kept there.
    if kept.matches("getObject(").count() > OWN_LOOKS {
        return kept;
    }
    ARRAY_OF_OBJECTS
        .iter()
        .fold(kept, |kept, line| kept.replace(line, ""))
}

/// `function getObject(…)` itself, and `takeObject`, which calls it.
const OWN_LOOKS: usize = 2;

/// Where the glue keeps the page's objects.
const ARRAY_OF_OBJECTS: [&str; 2] = [
    "let heap = new Array(1024).fill(undefined);\nheap.push(undefined, null, true, false);\n",
    "let heap_next = heap.length;\n",
];

fn rows<'a>(told: &'a Value, list: &str) -> impl Iterator<Item = Vec<&'a str>> {
    let rows = told[list].as_array().into_iter().flatten();
    rows.map(|row| {
        row.as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    })
}

/// Every import must be found, or the module would not start.
fn rename(glue: &str, long: &str, short: &str) -> Result<String, Failure> {
    if !glue.contains(long) {
        return Err(Failure::new(format!(
            "wasm-bindgen's glue has no `{long}`, so names cannot be shortened."
        )));
    }
    Ok(glue.replace(long, short))
}

/// Replaces a word where no letter follows, so that `wasm.lead` is not found in `wasm.leading`.
fn replace_word(text: &str, long: &str, short: &str) -> String {
    let mut parts = text.split(long);
    let mut replaced = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let goes_on = part.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        replaced.push_str(if goes_on { long } else { short });
        replaced.push_str(part);
    }
    replaced
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = r#"{
        "imports": [["./capture_bg.js", "__wbg_now_463ac581d2fc7ea3", "a"]],
        "exports": [["lead", "b"], ["__wbindgen_malloc", "c"]]
    }"#;

    #[test]
    fn ok_imports_and_exports_get_their_short_names_and_nothing_else() {
        let glue = "export function lead() { wasm.lead(wasm.__wbindgen_malloc); wasm.lead_id; }\n\
            const import0 = { __wbg_now_463ac581d2fc7ea3: function() {} };\n\
            return { \"./capture_bg.js\": import0 };";
        let expected = "export function lead() { wasm.b(wasm.c); wasm.lead_id; }\n\
            const import0 = { a: function() {} };\n\
            return { \"a\": import0 };";
        assert_eq!(shorten(glue, ScriptPart::Capture, TOLD).unwrap(), expected);
    }

    #[test]
    fn ok_what_the_module_does_not_ask_for_goes() {
        let glue = "{\n        __proto__: null,\n        __wbg_throw: function(a) {\n            f();\n        },\n        a: function() {\n        },\n        __wbg_b: function() {\n        },\n    };";
        let expected = "{\n        __proto__: null,\n        a: function() {\n        },\n    };";
        assert_eq!(without_unused_imports(glue), expected);
    }

    #[test]
    fn err_a_glue_without_the_import() {
        let said = shorten("", ScriptPart::Capture, TOLD).unwrap_err().to_string();
        assert!(said.contains("__wbg_now_463ac581d2fc7ea3"), "{said}");
    }
}
