//! The golden page views as WebAssembly and as the JavaScript fallback, through the very tag that a site installs.

use serde_json::Value;
use support::browser::{Expected, Stage};
use support::golden_visit::{GoldenVisit, PORT};

crate::browser_tests!("golden":
    every_page_view_ends_the_same_as_webassembly,
    every_page_view_ends_the_same_as_javascript,
);

/// Shows one case in a frame of its own, on a device that holds what the case says.
const SHOW: &str = "
    document.cookie = 'throughline=; Path=/; Max-Age=0';
    localStorage.clear();
    if (golden.cookie) document.cookie = 'throughline=' + golden.cookie + '; Path=/';
    if (golden.local_storage) localStorage.setItem('throughline', golden.local_storage);
    const frame = document.createElement('iframe');
    frame.src = '/pages/golden-frame.html' + (golden.address || '');
    await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame); });
    const came = await frame.contentWindow.outcome();
    frame.remove();
    return came;";

fn every_page_view_ends_the_same_as_webassembly(stage: &Stage) {
    show_all(stage, "wasm");
    assert!(!asked_for(stage, "/throughline/capture-js-"));
}

fn every_page_view_ends_the_same_as_javascript(stage: &Stage) {
    show_all(stage, "js");
    assert!(asked_for(stage, "/throughline/capture-js-"));
}

fn asked_for(stage: &Stage, path_start: &'static str) -> bool {
    !stage.pages.log().found(&Expected::any(path_start), 0).is_empty()
}

/// The text with another port in its addresses, as they are and as the record writes them; a port's digits may stand
/// elsewhere by accident.
fn at_port(text: &str, from: &str, to: &str) -> String {
    let mut text = text.to_owned();
    for host in ["127.0.0.1:", "127.0.0.1%3A"] {
        text = text.replace(&format!("{host}{from}"), &format!("{host}{to}"));
    }
    text
}

fn show_all(stage: &Stage, engine: &str) {
    let cases: Vec<Value> = serde_json::from_str(include_str!("../golden/visits.json")).unwrap();
    let origin = stage.pages.origin();
    let port = origin.rsplit(':').next().unwrap();
    stage.open("empty.html", "");
    let mut differ = Vec::new();
    for mut case in cases {
        let expected = case["expect"].take();
        case["engine"] = engine.into();
        let name = case["name"].as_str().unwrap().to_owned();
        // The page server's own port, wherever a case names it.
        let given = at_port(&case.to_string(), PORT, port);
        let came = stage
            .browser
            .async_script(&format!("window.golden = {given};\n{SHOW}"));
        let mut came: Value = serde_json::from_str(&at_port(&came.to_string(), port, PORT)).unwrap();
        let href = came.as_object_mut().and_then(|came| came.remove("href"));
        assert_eq!(
            href,
            Some(GoldenVisit(case).href().into()),
            "{name}: the file must hold the address as browsers write it"
        );
        if came != expected {
            let parts = expected.as_object().into_iter().flatten();
            for (part, expected) in parts.filter(|(part, expected)| came[part.as_str()] != **expected) {
                differ.push(format!(
                    "{name}: {part}\n  came     {}\n  expected {expected}",
                    came[part.as_str()]
                ));
            }
        }
    }
    assert!(differ.is_empty(), "{engine}:\n{}", differ.join("\n"));
}
