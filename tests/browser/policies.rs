//! Strict pages: what a Content Security Policy, Trusted Types, a missing WebAssembly or a pinned hash leave of us. The
//! module runs as WebAssembly where it may, else as JavaScript, and the page never sees an exception.

use support::browser::{Expected, Stage};

crate::browser_tests!("policies":
    without_wasm_unsafe_eval_the_fallback_runs,
    with_wasm_unsafe_eval_the_module_runs,
    a_nonce_with_strict_dynamic_is_enough,
    trusted_types_do_not_stop_either_engine,
    a_policy_in_the_page_counts_like_a_header,
    the_engine_js_asks_for_no_webassembly_and_is_not_reported,
    a_collector_on_a_host_of_its_own_is_allowed_by_that_host,
    a_policy_without_scripts_leaves_the_form_alone,
    a_policy_without_connections_leaves_the_form_alone,
    a_browser_without_webassembly_runs_the_fallback,
    a_site_that_insists_on_webassembly_gets_no_fallback,
    a_pinned_tag_keeps_its_promise,
    a_pinned_hash_that_does_not_fit_stops_us_and_not_the_form,
    a_hash_that_fits_lets_the_parts_in,
);

const GRANT: &str =
    "throughline.consent({ ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'granted' })";

/// What a page looks like when nothing else is said.
const PLAIN: [(&str, &str); 4] = [
    ("{{meta}}", ""),
    ("{{before}}", ""),
    ("{{tag}}", "tag.js"),
    ("{{attributes}}", ""),
];

/// What the module ran as; the requests tell.
#[derive(Debug, PartialEq, Eq)]
enum RanAs {
    Wasm,
    JavaScript,
}

/// Opens the page from an ad, and waits until the module stands or has given up.
fn land(stage: &Stage, policy: &str, words: &[(&'static str, &str)]) {
    for (word, meaning) in PLAIN.iter().chain(words) {
        stage.pages.set_word(word, meaning);
    }
    if !policy.is_empty() {
        stage.pages.set_policy(policy);
    }
    stage.open("policy.html", &stage.click.query());
    stage.browser.wait_until("document.readyState === 'complete'");
}

/// The landing is kept and filled after a grant and not before; answers what the module ran as.
fn works(stage: &Stage) -> RanAs {
    stage
        .browser
        .wait_until("window.throughline && throughline.ready");
    stage.browser.async_script("await throughline.ready;");
    stage.assert_nothing_is_kept();
    assert_eq!(stage.field("[name=gclid]"), "");
    stage.browser.script(GRANT);
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid);
    assert_eq!(stage.field("[name=utm_campaign]"), "spring sale");
    assert_eq!(stage.field("[name=lead_id]").len(), 17);
    assert!(stage.cookie().contains(&stage.click.gclid));
    assert_eq!(stage.cookie(), stage.stored_text());
    stage.assert_no_error();
    let javascript = asked_for(stage, "/throughline/capture-js-");
    if javascript {
        RanAs::JavaScript
    } else {
        RanAs::Wasm
    }
}

fn asked_for(stage: &Stage, path_start: &'static str) -> bool {
    !stage.pages.log().found(&Expected::any(path_start), 0).is_empty()
}

fn violations(stage: &Stage) -> String {
    stage.browser.text_of("JSON.stringify(seenViolations)")
}

/// The form goes out as the visitor left it, without a word of ours.
fn the_form_is_sent_untouched(stage: &Stage) {
    stage.browser.type_into("[name=email]", "ada@example.com");
    let mark = stage.pages.log().mark();
    stage.browser.click("#contact button");
    let sent = stage.pages.log().wait_for(&Expected::post("/received"), mark);
    assert_eq!(sent.form_value("email"), "ada@example.com");
    assert_eq!(sent.form_value("gclid"), "");
    stage.assert_no_request_to_the_api();
}

fn without_wasm_unsafe_eval_the_fallback_runs(stage: &Stage) {
    land(stage, "default-src 'self'; script-src 'self'", &[]);
    assert_eq!(works(stage), RanAs::JavaScript);
    // The probe is the one thing that may be reported, once.
    let told = violations(stage);
    assert!(
        told == r#"["script-src wasm-eval"]"# || told == "[]",
        "reported: {told}"
    );
}

fn with_wasm_unsafe_eval_the_module_runs(stage: &Stage) {
    land(
        stage,
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self'; form-action 'self'",
        &[],
    );
    assert_eq!(works(stage), RanAs::Wasm);
    assert_eq!(violations(stage), "[]");
}

fn a_nonce_with_strict_dynamic_is_enough(stage: &Stage) {
    for (policy, ran_as) in [
        ("script-src 'nonce-n0nce' 'strict-dynamic'", RanAs::JavaScript),
        (
            "script-src 'nonce-n0nce' 'strict-dynamic' 'wasm-unsafe-eval'",
            RanAs::Wasm,
        ),
    ] {
        stage.empty_the_device();
        let mark = stage.pages.log().mark();
        land(stage, policy, &[]);
        works(stage);
        let javascript = !stage
            .pages
            .log()
            .found(&Expected::any("/throughline/capture-js-"), mark)
            .is_empty();
        assert_eq!(javascript, ran_as == RanAs::JavaScript, "{policy}");
    }
}

fn trusted_types_do_not_stop_either_engine(stage: &Stage) {
    let policy =
        "script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'";
    land(stage, policy, &[]);
    assert_eq!(works(stage), RanAs::Wasm);
    assert_eq!(violations(stage), "[]");
    stage.empty_the_device();
    land(stage, policy, &[("{{attributes}}", "data-engine=js")]);
    assert_eq!(works(stage), RanAs::JavaScript);
    assert_eq!(violations(stage), "[]");
}

fn a_policy_in_the_page_counts_like_a_header(stage: &Stage) {
    let meta = r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self'">"#;
    land(stage, "", &[("{{meta}}", meta)]);
    assert_eq!(works(stage), RanAs::JavaScript);
}

fn the_engine_js_asks_for_no_webassembly_and_is_not_reported(stage: &Stage) {
    land(
        stage,
        "default-src 'self'; script-src 'self'",
        &[("{{attributes}}", "data-engine=js")],
    );
    assert_eq!(works(stage), RanAs::JavaScript);
    assert_eq!(violations(stage), "[]");
    let module = stage.pages.log().listing(0);
    assert!(!module.contains(".wasm"), "{module}");
}

fn a_collector_on_a_host_of_its_own_is_allowed_by_that_host(stage: &Stage) {
    // Another origin with the same collector behind it; the page's own tag finds this one there and does nothing.
    let host = stage.pages.origin().replace("127.0.0.1", "localhost");
    let tag =
        format!(r#"<script nonce="n0nce" src="{host}/throughline/tag.js" data-consent="manual"></script>"#);
    let policy =
        format!("script-src 'nonce-n0nce' {host} 'wasm-unsafe-eval'; connect-src {host}; form-action 'self'");
    land(stage, &policy, &[("{{before}}", &tag)]);
    assert_eq!(works(stage), RanAs::Wasm);
}

fn a_policy_without_scripts_leaves_the_form_alone(stage: &Stage) {
    land(stage, "script-src 'none'", &[]);
    assert!(!asked_for(stage, "/throughline/"));
    stage.assert_nothing_is_kept();
    the_form_is_sent_untouched(stage);
}

/// Scripts may come and nothing may be sent: the module is filled from what scripts carry, and the lead stays unsent.
fn a_policy_without_connections_leaves_the_form_alone(stage: &Stage) {
    land(
        stage,
        "script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'",
        &[],
    );
    assert_eq!(works(stage), RanAs::JavaScript);
    stage.browser.type_into("[name=email]", "ada@example.com");
    let mark = stage.pages.log().mark();
    stage.browser.click("#contact button");
    let sent = stage.pages.log().wait_for(&Expected::post("/received"), mark);
    assert_eq!(sent.form_value("gclid"), stage.click.gclid);
    stage.assert_no_request_to_the_api();
}

fn a_browser_without_webassembly_runs_the_fallback(stage: &Stage) {
    let before = r#"<script src="/pages/without-webassembly.js"></script>"#;
    land(stage, "", &[("{{before}}", before)]);
    // Firefox lets the test's own script see an untouched global object.
    if stage.browser.engine().name() != "firefox" {
        assert_eq!(stage.browser.text_of("typeof WebAssembly"), "undefined");
    }
    assert_eq!(works(stage), RanAs::JavaScript);
}

fn a_site_that_insists_on_webassembly_gets_no_fallback(stage: &Stage) {
    land(
        stage,
        "default-src 'self'; script-src 'self'",
        &[("{{attributes}}", "data-engine=wasm")],
    );
    stage.browser.wait_until("window.throughline");
    stage
        .browser
        .async_script("await throughline.ready.catch(() => 0);");
    assert!(!asked_for(stage, "/throughline/capture-js-"));
    stage.assert_no_error();
    stage.assert_nothing_is_kept();
    the_form_is_sent_untouched(stage);
}

/// The hashes that a site owner finds beside the tag.
fn hashes(stage: &Stage) -> Vec<(String, String)> {
    stage.open("empty.html", "");
    let list = stage
        .browser
        .async_script("return fetch('/throughline/integrity.json').then(response => response.json());");
    let list = list.as_object().expect("an object of names and hashes");
    list.iter()
        .map(|(name, hash)| (name.clone(), hash.as_str().unwrap().to_owned()))
        .collect()
}

fn a_pinned_tag_keeps_its_promise(stage: &Stage) {
    let hashes = hashes(stage);
    let (name, hash) = hashes.iter().find(|(name, _)| name.starts_with("tag-")).unwrap();
    let attributes = format!("integrity=\"{hash}\" crossorigin=\"anonymous\"");
    land(stage, "", &[("{{tag}}", name), ("{{attributes}}", &attributes)]);
    works(stage);
}

/// An import map holds what the tag loads by `import()` to its hash
/// (<https://html.spec.whatwg.org/multipage/webappapis.html#import-map-integrity>).
fn import_map(hashes: impl IntoIterator<Item = (String, String)>) -> String {
    let hashes: serde_json::Map<String, serde_json::Value> = hashes
        .into_iter()
        .map(|(name, hash)| (format!("/throughline/{name}"), hash.into()))
        .collect();
    let map = serde_json::json!({ "integrity": hashes });
    format!("<script type=\"importmap\">{map}</script>")
}

fn a_hash_that_fits_lets_the_parts_in(stage: &Stage) {
    let before = import_map(hashes(stage));
    for engine in ["data-engine=wasm", "data-engine=js"] {
        stage.empty_the_device();
        land(stage, "", &[("{{before}}", &before), ("{{attributes}}", engine)]);
        works(stage);
    }
}

fn a_pinned_hash_that_does_not_fit_stops_us_and_not_the_form(stage: &Stage) {
    // Firefox ESR and WebKitGTK learn this in turn; where it is not known, nothing is refused.
    let wrong = hashes(stage).into_iter().map(|(name, _)| {
        let of_nothing = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";
        (name, of_nothing.to_owned())
    });
    let before = import_map(wrong);
    land(stage, "", &[("{{before}}", &before)]);
    stage.browser.wait_until("window.throughline");
    let stands = stage
        .browser
        .async_script("return throughline.ready.then(() => 'stands', () => 'refused');");
    stage.assert_no_error();
    if stands == "refused" {
        stage.assert_nothing_is_kept();
        the_form_is_sent_untouched(stage);
    } else {
        assert_ne!(
            stage.browser.engine().name(),
            "chromium",
            "Chromium checks these hashes"
        );
    }
}
