//! The TypeScript types beside the tag: what they promise is there. `cargo xtask check` compiles pages against them.

use std::collections::BTreeSet;

use support::browser::Stage;

crate::browser_tests!("types":
    the_page_api_has_the_very_members_that_the_types_name,
);

fn the_page_api_has_the_very_members_that_the_types_name(stage: &Stage) {
    stage.open("manual.html", "");
    stage.settle();
    let types = stage.browser.async_script(
        "const answer = await fetch('/throughline/throughline.d.ts');
         return answer.headers.get('content-type') + '\\n' + await answer.text();",
    );
    let types = types.as_str().expect("a text");
    assert!(types.starts_with("text/plain"), "a browser shows it: {types}");
    let named = members(types, "interface Throughline {");
    let present = stage.browser.script("return Object.keys(throughline);");
    let present: BTreeSet<&str> = present
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str())
        .collect();
    assert_eq!(named, present);
}

/// The names at the beginning of the lines of a declaration.
fn members<'types>(types: &'types str, start: &str) -> BTreeSet<&'types str> {
    let lines = types.lines().skip_while(|line| !line.ends_with(start)).skip(1);
    lines
        .take_while(|line| *line != "}")
        .map(|line| line.trim_start().trim_start_matches("readonly "))
        .filter(|line| !line.starts_with('/'))
        .filter_map(|line| line.split(|sign: char| !sign.is_alphanumeric()).next())
        .collect()
}
