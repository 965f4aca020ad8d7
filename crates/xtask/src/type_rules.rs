//! The TypeScript types of the page's API: a sample page must compile, with lines in it that must not, and so must what
//! the golden page views say of `throughline.get()`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::checkout::{self, Checkout, read};
use crate::failure::Failure;
use crate::node;
use crate::step::{self, Show};

/// What `throughline.d.ts` is beside `tag.js`, for people who write pages in TypeScript.
pub(crate) fn types(checkout: &Checkout) -> PathBuf {
    checkout.path("crates/capture/throughline.d.ts")
}

/// Compiles the samples. It needs the npm packages, so it installs them.
pub(crate) fn check(checkout: &Checkout) -> Result<(), Failure> {
    node::must_be_there()?;
    node::install_packages(checkout)?;
    let folder = checkout.workshop().join("types");
    let samples = checkout.path("tests/types");
    let views = read(&checkout.path("tests/golden/visits.json"))?;
    checkout::write(
        &folder.join("golden_views.ts"),
        golden_views(&types(checkout), &views)?.as_bytes(),
    )?;
    let project = json!({
        "extends": samples.join("tsconfig.json"),
        "include": [samples.join("*.ts"), types(checkout), "golden_views.ts"],
    });
    checkout::write(&folder.join("tsconfig.json"), project.to_string().as_bytes())?;
    let mut tsc = node::program(checkout, "tsc");
    tsc.arg("--project").arg(&folder);
    step::run("types", Show::OnFailure, &mut tsc).map(drop)
}

/// A list of the views as object literals: TypeScript refuses members there that the types do not know.
fn golden_views(types: &Path, visits: &str) -> Result<String, Failure> {
    let visits: Vec<Value> = serde_json::from_str(visits)
        .map_err(|error| Failure::new(format!("tests/golden/visits.json cannot be read: {error}.")))?;
    let views: Value = visits
        .into_iter()
        .filter_map(|mut visit| visit.pointer_mut("/expect/get").map(Value::take))
        .filter(|view| !view.is_null())
        .collect();
    let module = json!(types.with_extension("").with_extension(""));
    Ok(format!(
        "import type {{ Views }} from {module};\nexport const views: Views[] = {views};\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ok_views_are_there_and_visits_without_one_are_not() {
        let visits =
            r#"[{"expect":{"get":{"first":null}}},{"expect":{"get":null}},{"name":"nothing expected"}]"#;
        let types = Path::new("/checkout/throughline.d.ts");
        assert_eq!(
            golden_views(types, visits).unwrap(),
            "import type { Views } from \"/checkout/throughline\";\nexport const views: Views[] = [{\"first\":null}];\n"
        );
        golden_views(types, "no JSON").unwrap_err();
    }
}
