//! What is one submission, and what is the next one.

use support::browser::{Expected, Stage};

crate::browser_tests!("submissions":
    a_double_click_is_one_submission,
    a_submission_that_the_page_stopped_and_the_visitor_repeats_is_one,
    a_form_that_was_reset_is_sent_anew,
    a_form_that_was_reset_carries_another_lead_id_although_none_is_reported,
    a_form_whose_lead_id_the_page_took_out_is_sent_anew,
    a_lead_that_the_page_asks_for_is_another_one,
    a_form_to_which_the_visitor_comes_back_is_sent_anew,
    a_form_that_is_sent_by_a_script_is_reported,
    a_form_that_nobody_filled_and_nobody_marked_is_not_reported,
);

const LEADS: &str = "/throughline/v1/leads";

fn land(stage: &Stage, before: &str) {
    land_with(stage, "", before);
}

fn land_with(stage: &Stage, attribute: &str, before: &str) {
    let consent = format!("not-required\"{attribute} data-x=\"");
    stage.pages.set_word("{{consent}}", &consent);
    stage.pages.set_word("{{before}}", before);
    stage.open("stays.html", &stage.click.query());
    stage.settle();
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
}

/// Sends the form once more, and gives the lead_id that its server got.
fn send(stage: &Stage) -> String {
    let mark = stage.pages.log().mark();
    stage.browser.click("#contact button");
    let form = stage.pages.log().wait_for(&Expected::post("/received"), mark);
    stage.fence();
    form.form_value("lead_id")
}

/// The lead_ids that were reported, in order.
fn reported(stage: &Stage) -> Vec<String> {
    stage.fence();
    let leads = stage.pages.log().found(&Expected::post(LEADS), 0);
    leads
        .iter()
        .map(|lead| {
            let lead: serde_json::Value = serde_json::from_slice(&lead.body).expect("a lead is JSON");
            lead["lead_id"].as_str().unwrap_or_default().to_owned()
        })
        .collect()
}

fn a_double_click_is_one_submission(stage: &Stage) {
    land(stage, "");
    stage
        .browser
        .script("const button = document.querySelector('#contact button'); button.click(); button.click();");
    let second = send(stage);
    assert_eq!(reported(stage), [second]);
}

fn a_submission_that_the_page_stopped_and_the_visitor_repeats_is_one(stage: &Stage) {
    // Its own check comes after ours has heard of the submission.
    land(
        stage,
        "let isRight = false;
         document.addEventListener('submit', event => { if (!isRight) event.stopPropagation(), event.preventDefault(); isRight = true; }, true);",
    );
    stage.browser.click("#contact button");
    let lead_id = send(stage);
    assert_eq!(reported(stage), [lead_id]);
}

fn a_form_that_was_reset_is_sent_anew(stage: &Stage) {
    land(stage, "");
    let first = send(stage);
    stage.browser.script("document.querySelector('form').reset()");
    let second = send(stage);
    assert_ne!(first, second);
    assert_eq!(reported(stage), [first, second]);
}

fn a_form_that_was_reset_carries_another_lead_id_although_none_is_reported(stage: &Stage) {
    land_with(stage, " data-leads=\"off\"", "");
    let first = send(stage);
    stage.browser.script("document.querySelector('form').reset()");
    let second = send(stage);
    assert_ne!(first, second);
    assert_eq!(reported(stage), [""; 0]);
}

fn a_form_whose_lead_id_the_page_took_out_is_sent_anew(stage: &Stage) {
    land(stage, "");
    let first = send(stage);
    stage
        .browser
        .script("document.querySelector('[name=lead_id]').value = ''");
    let second = send(stage);
    assert_ne!(first, second);
    assert_eq!(reported(stage), [first, second]);
}

fn a_lead_that_the_page_asks_for_is_another_one(stage: &Stage) {
    land(stage, "");
    let first = send(stage);
    let asked = stage
        .browser
        .async_script("return await throughline.lead(document.querySelector('form'))");
    let asked = asked.as_str().expect("a lead_id").to_owned();
    assert_ne!(first, asked);
    assert_eq!(stage.field("[name=lead_id]"), asked);
    // The form as it stands now is reported.
    assert_eq!(send(stage), asked);
    assert_eq!(reported(stage), [first, asked]);
}

fn a_form_to_which_the_visitor_comes_back_is_sent_anew(stage: &Stage) {
    stage.open("not-required.html", &stage.click.query());
    stage.settle();
    let first = send(stage);
    stage.browser.wait_until("document.title === 'Received'");
    stage.browser.back();
    stage
        .browser
        .wait_until("document.title !== 'Received' && document.querySelector('[name=lead_id]')");
    stage.settle();
    let second = send(stage);
    assert_ne!(first, second);
    let mut all = reported(stage);
    // A lead whose answer nobody heard may be sent once more.
    all.dedup();
    assert!(all.contains(&first) && all.contains(&second), "{all:?}");
    stage.collector.wait_for_leads_with(&stage.click.gclid, 2);
    assert_eq!(stage.collector.leads_with(&stage.click.gclid), 2);
}

fn a_form_that_is_sent_by_a_script_is_reported(stage: &Stage) {
    stage.open("not-required.html", &stage.click.query());
    stage.settle();
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    let mark = stage.pages.log().mark();
    stage.browser.script("document.querySelector('form').submit()");
    let form = stage.pages.log().wait_for(&Expected::post("/received"), mark);
    let lead_id = form.form_value("lead_id");
    stage
        .pages
        .log()
        .wait_for(&Expected::post(LEADS).holding(&lead_id), mark);
    stage.collector.wait_for_row_with(&lead_id);
}

fn a_form_that_nobody_filled_and_nobody_marked_is_not_reported(stage: &Stage) {
    land(stage, "");
    stage.browser.script(
        "for (const input of document.querySelectorAll('[type=hidden]')) input.remove();
         document.querySelector('form').append(document.createElement('p'));",
    );
    stage.browser.click("#contact button");
    stage.pages.log().wait_for(&Expected::post("/received"), 0);
    assert_eq!(reported(stage), Vec::<String>::new());
    stage
        .browser
        .script("document.querySelector('form').setAttribute('data-throughline-lead', '')");
    stage.browser.click("#contact button");
    stage.pages.log().wait_for(&Expected::post(LEADS), 0);
}
