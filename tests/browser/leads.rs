//! What is sent when a form is sent, and what never stands in the form's way.

use serde_json::Value;
use support::browser::{CollectorDoor, Expected, RecordedRequest, Stage};

crate::browser_tests!("leads":
    a_sent_form_is_reported_once_with_the_lead_id_it_carries,
    a_collector_at_another_origin_gets_the_lead,
    a_silent_collector_never_delays_the_form,
    a_missing_collector_never_delays_the_form,
    a_page_that_blocks_storage_still_fills_and_sends_its_form,
);

fn land(stage: &Stage, page: &str) {
    stage.open(page, &stage.click.query());
    stage.settle();
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
}

/// Sends the form and gives the form post and the lead that arrived.
fn send(stage: &Stage) -> (RecordedRequest, Value) {
    let mark = stage.pages.log().mark();
    stage.browser.type_into("[name=email]", "ada@example.com");
    stage.expect_in_action(
        |browser| browser.click("#contact button"),
        &[
            Expected::post("/received"),
            Expected::post("/throughline/v1/leads").holding(&stage.click.gclid),
        ],
        &[],
    );
    let leads = stage.pages.log().found(&Expected::any("/throughline/v1/"), mark);
    assert_eq!(
        leads.len(),
        1,
        "one form sent is one lead:\n{}",
        stage.pages.log().listing(mark)
    );
    // `text/plain` needs no preflight, so a lead costs one request even where the collector is another origin.
    assert_eq!(leads[0].header("content-type"), Some("text/plain;charset=UTF-8"));
    assert!(
        leads[0].header("cookie").is_none(),
        "a lead travels without cookies"
    );
    let lead = serde_json::from_slice(&leads[0].body).expect("a lead is JSON");
    (
        stage.pages.log().wait_for(&Expected::post("/received"), mark),
        lead,
    )
}

fn assert_is_the_lead_of(stage: &Stage, form: &RecordedRequest, lead: &Value) {
    assert_eq!(form.form_value("gclid"), stage.click.gclid);
    assert_eq!(lead["lead_id"], form.form_value("lead_id"));
    assert_eq!(lead["touches"][0]["ids"]["gclid"], stage.click.gclid);
    assert_eq!(lead["touches"][0]["utm"]["utm_campaign"], "spring sale");
    assert_eq!(
        (&lead["v"], &lead["site"], &lead["form"]["id"]),
        (&1.into(), &"default".into(), &"contact".into())
    );
    let page = lead["page"].as_str().unwrap_or_default();
    assert!(
        page.starts_with("http") && !page.contains('?'),
        "`{page}` carries a query"
    );
    let text = lead.to_string();
    assert!(
        !text.contains("ada@example.com"),
        "what the visitor typed is not ours: {text}"
    );
}

fn a_sent_form_is_reported_once_with_the_lead_id_it_carries(stage: &Stage) {
    land(stage, "not-required.html");
    let (form, lead) = send(stage);
    assert_is_the_lead_of(stage, &form, &lead);
    stage.browser.wait_until("document.title === 'Received'");
    stage.collector.wait_for_row_with(&form.form_value("lead_id"));
}

fn a_collector_at_another_origin_gets_the_lead(stage: &Stage) {
    land(stage, "elsewhere.html");
    stage.assert_no_error();
    let (form, lead) = send(stage);
    assert_is_the_lead_of(stage, &form, &lead);
    stage.collector.wait_for_row_with(&form.form_value("lead_id"));
}

fn a_silent_collector_never_delays_the_form(stage: &Stage) {
    stage.pages.set_collector_door(CollectorDoor::Silent);
    land(stage, "not-required.html");
    let (form, _lead) = send(stage);
    assert_eq!(form.form_value("gclid"), stage.click.gclid);
    stage.browser.wait_until("document.title === 'Received'");
}

fn a_missing_collector_never_delays_the_form(stage: &Stage) {
    land(stage, "nobody-answers.html");
    stage.expect_in_action(
        |browser| browser.click("#contact button"),
        &[Expected::post("/received")],
        &[],
    );
    stage.browser.wait_until("document.title === 'Received'");
    let form = stage.pages.log().wait_for(&Expected::post("/received"), 0);
    assert_eq!(form.form_value("gclid"), stage.click.gclid);
}

fn a_page_that_blocks_storage_still_fills_and_sends_its_form(stage: &Stage) {
    stage.open("blocked-storage.html", &stage.click.query());
    stage
        .browser
        .wait_until("document.querySelector('iframe').src !== ''");
    stage.browser.enter_frame("iframe");
    stage.settle();
    let blocked = stage
        .browser
        .text_of("(() => { try { return localStorage.length } catch (error) { return error.name } })()");
    assert_eq!(blocked, "SecurityError", "the frame was meant to have no storage");
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid);
    stage.assert_no_error();
    stage.browser.click("#contact button");
    let form = stage.pages.log().wait_for(&Expected::post("/received"), 0);
    assert_eq!(form.form_value("gclid"), stage.click.gclid);
    stage.browser.leave_frame();
    stage.assert_nothing_is_kept();
}
