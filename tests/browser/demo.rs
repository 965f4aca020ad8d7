//! The demo as a newcomer meets it: a real landing page, a real consent tool, the real collector, the real file.

use support::browser::{Expected, Kept, POLICY_REPORTS, RecordedRequest, Stage, screenshot_file};

crate::browser_tests!("demo":
    an_accepted_click_walks_from_the_landing_url_to_the_file_that_google_fetches,
    a_refused_click_leaves_no_trace,
    coming_back_without_a_query_the_line_goes_on,
    the_product_page_needs_no_more_than_its_policy_allows,
);

const ACCEPT: &str = "[data-role=all]";
const REFUSE: &str = "[data-role=necessary]";

/// The hidden fields of the form, in the three ways of asking for a value: name, token, own attribute.
const FIELDS: [&str; 8] = [
    "gclid",
    "gbraid",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "00N8d00000QN3Qa",
    "first_page",
    "lead_id",
];

fn an_accepted_click_walks_from_the_landing_url_to_the_file_that_google_fetches(stage: &Stage) {
    land(stage);
    assert_before_an_answer(stage);
    picture(stage, "1-landed");

    stage.browser.click(ACCEPT);
    assert_kept(stage);
    assert_filled(stage);
    picture(stage, "2-accepted");

    let mark = stage.pages.log().mark();
    stage.expect_in_action(
        |browser| browser.click("#quote [type=submit]"),
        &[Expected::post("/throughline/v1/leads").holding(&stage.click.gclid)],
        &[],
    );
    wait_for_station(stage, "stored", "done");
    let leads = stage
        .pages
        .log()
        .found(&Expected::post("/throughline/v1/leads"), mark);
    assert_eq!(leads.len(), 1, "one form sent is one lead");
    stage.collector.wait_for_row_with(&stage.click.gclid);
    assert_eq!(stage.collector.tables_with(&stage.click.gclid), ["leads"]);
    picture(stage, "3-stored");

    stage.browser.click("#close-deal");
    wait_for_station(stage, "closed", "done");
    wait_for_station(stage, "csv", "done");
    picture(stage, "4-closed");
    assert_file_holds_the_deal(stage);
    assert_policy_stopped_nothing(stage);
}

fn a_refused_click_leaves_no_trace(stage: &Stage) {
    land(stage);
    assert_before_an_answer(stage);

    stage.browser.click(REFUSE);
    wait_for_station(stage, "consent", "refused");
    stage.fence();
    stage.assert_nothing_of_ours_is_kept();
    assert_fields_are_empty(stage);
    picture(stage, "5-refused");

    stage.expect_in_action(
        |browser| browser.click("#quote [type=submit]"),
        &[],
        &[Expected::any("/throughline/v1/")],
    );
    stage
        .browser
        .wait_until("!document.querySelector('#thanks').hidden");
    wait_for_station(stage, "stored", "refused");
    assert_eq!(station(stage, "kept"), "refused");
    picture(stage, "6-refused-and-sent");
    assert_fields_are_empty(stage);
    stage.assert_no_request_to_the_api();
    stage.assert_nothing_of_ours_is_kept();
    assert_eq!(
        stage.collector.tables_with(&stage.click.gclid),
        Vec::<String>::new()
    );
    assert!(!stage.collector.fetch_conversions().contains(&stage.click.gclid));
}

fn coming_back_without_a_query_the_line_goes_on(stage: &Stage) {
    land(stage);
    stage.browser.click(ACCEPT);
    assert_kept(stage);
    stage.browser.open(&demo(stage, ""));
    stage.settle();
    assert_kept(stage);
    assert_filled(stage);
    let asks_again =
        "return !CookieConsent.validConsent() || Boolean(document.querySelector('.show--consent'))";
    assert_eq!(stage.browser.script(asks_again), false);
}

fn the_product_page_needs_no_more_than_its_policy_allows(stage: &Stage) {
    stage
        .browser
        .open(&format!("{}/throughline/", stage.pages.origin()));
    stage.browser.wait_until("document.readyState === 'complete'");
    assert_policy_stopped_nothing(stage);
}

/// The page came with a policy, and nothing of it was stopped since. What we try to slip in at the end is stopped and
/// reported, so reports do arrive.
fn assert_policy_stopped_nothing(stage: &Stage) {
    let policy = stage.browser.async_script(
        "return fetch(location.href).then(answer => answer.headers.get('content-security-policy'));",
    );
    let policy = policy.as_str().unwrap_or_default();
    assert!(
        policy.starts_with("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"),
        "`{policy}`"
    );
    stage.browser.script(
        "const slipped = document.createElement('script');
         slipped.textContent = 'window.hasSlippedIn = true';
         document.body.append(slipped);",
    );
    let reports = Expected::post(POLICY_REPORTS);
    let log = stage.pages.log();
    log.wait_for(&reports, 0);
    stage.fence();
    let reported: Vec<String> = log
        .found(&reports, 0)
        .iter()
        .map(RecordedRequest::body_text)
        .collect();
    assert_eq!(reported.len(), 1, "{reported:#?}");
    assert!(reported[0].contains("script-src"), "{reported:#?}");
    assert_eq!(
        stage.browser.text_of("typeof hasSlippedIn"),
        "undefined",
        "an inline script ran"
    );
}

fn demo(stage: &Stage, query: &str) -> String {
    format!("{}/throughline/demo/{query}", stage.pages.origin())
}

fn land(stage: &Stage) {
    stage.browser.open(&demo(stage, &stage.click.query()));
    stage.settle();
    // The banner is there, and has come to rest, before anything is asserted: it is part of "before an answer".
    stage
        .browser
        .wait_until("document.querySelector('[data-role=all]')");
}

fn assert_before_an_answer(stage: &Stage) {
    stage.fence();
    stage.assert_nothing_is_kept();
    assert_fields_are_empty(stage);
    stage.assert_no_request_to_the_api();
    assert_eq!(
        (
            station(stage, "click").as_str(),
            station(stage, "consent").as_str()
        ),
        ("done", "waiting")
    );
}

/// Empty, or still the token that the form was built with.
fn assert_fields_are_empty(stage: &Stage) {
    for name in FIELDS {
        let value = field(stage, name);
        let is_untouched = value.is_empty() || (name == "00N8d00000QN3Qa" && value == "[gad_campaignid]");
        assert!(is_untouched, "`{name}` holds `{value}`");
    }
}

fn assert_kept(stage: &Stage) {
    wait_for_station(stage, "kept", "done");
    assert_eq!(
        stage.cookie(),
        stage.stored_text(),
        "cookie and storage hold the same text"
    );
    assert!(
        stage.cookie().contains(&stage.click.gclid),
        "the cookie holds `{}`",
        stage.cookie()
    );
    let kept = Kept::of(stage.browser);
    assert_eq!(
        kept.cookies.iter().filter(|name| *name == "throughline").count(),
        1,
        "{kept:?}"
    );
}

fn assert_filled(stage: &Stage) {
    wait_for_station(stage, "filled", "done");
    let landing_page = demo(stage, "");
    for (name, value) in [
        ("gclid", stage.click.gclid.as_str()),
        ("gbraid", &stage.click.gbraid),
        ("utm_source", "google"),
        ("utm_medium", "cpc"),
        ("utm_campaign", "spring sale"),
        ("00N8d00000QN3Qa", "21890163799"),
        ("first_page", &landing_page),
    ] {
        assert_eq!(field(stage, name), value, "{name}");
    }
    assert_eq!(field(stage, "lead_id").len(), 17);
}

/// The row as Google reads it: the click id byte for byte, a time with its offset, value and currency.
fn assert_file_holds_the_deal(stage: &Stage) {
    let file = stage.collector.fetch_conversions();
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(file.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    // The first line names the zone, so the reader takes it for the header; the column names are the next.
    let names = rows.first().expect("the names of the columns");
    let ours: Vec<_> = rows
        .iter()
        .filter(|row| row.get(0) == Some(&stage.click.gclid))
        .collect();
    assert_eq!(ours.len(), 1, "one deal is one row:\n{file}");
    let cell = |name: &str| {
        let column = names
            .iter()
            .position(|column| column == name)
            .expect("a column of this name");
        ours[0].get(column).unwrap_or_default()
    };
    assert_eq!(cell("Conversion Name"), "Closed deal");
    assert_eq!(
        (cell("Conversion Value"), cell("Conversion Currency")),
        ("1250.00", "EUR")
    );
    let time = cell("Conversion Time");
    let shape: String = time
        .chars()
        .map(|sign| if sign.is_ascii_digit() { '9' } else { sign })
        .collect();
    assert!(
        ["9999-99-99 99:99:99+9999", "9999-99-99 99:99:99-9999"].contains(&shape.as_str()),
        "`{time}`"
    );
}

fn field(stage: &Stage, name: &str) -> String {
    stage.field(&format!("#quote [name='{name}']"))
}

fn station(stage: &Stage, name: &str) -> String {
    stage.browser.text_of(&format!(
        "document.querySelector('[data-station={name}]').dataset.state"
    ))
}

fn wait_for_station(stage: &Stage, name: &str, state: &str) {
    stage.browser.wait_until(&format!(
        "document.querySelector('[data-station={name}]').dataset.state === '{state}'"
    ));
}

/// Takes a picture when the page has come to rest: the banner fades, and the panel scrolls smoothly to what moved on.
fn picture(stage: &Stage, step: &str) {
    stage.browser.async_script(
        "const frame = () => new Promise(next => requestAnimationFrame(next));
         const panel = document.getElementById('panel');
         for (let before = NaN, rests = 0; rests < 5; before = panel.scrollTop) {
             await frame();
             const moves = document.getAnimations().some(animation => animation.playState === 'running');
             rests = !moves && panel.scrollTop === before ? rests + 1 : 0;
         }",
    );
    stage
        .browser
        .screenshot(&screenshot_file(stage.browser.engine(), step));
}
