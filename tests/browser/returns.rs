//! Coming back: reload, the Back button, another tab. What was true before may not be true any more.

use support::browser::{CollectorDoor, Expected, Stage};

crate::browser_tests!("returns":
    a_reload_brings_no_value_back_into_a_field,
    going_back_to_a_page_that_was_left_with_consent_finds_it_withdrawn,
    a_withdrawal_elsewhere_empties_this_page_too,
    a_new_click_elsewhere_is_known_here,
    a_withdrawal_is_told_to_the_collector_and_a_refusal_is_not,
    the_collector_keeps_the_cookie_after_a_grant,
);

const GRANT: &str =
    "throughline.consent({ ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'granted' })";
const REFUSE: &str = "throughline.consent({ ad_storage: 'denied' })";

fn land_and_grant(stage: &Stage, page: &str) {
    stage.open(page, &stage.click.query());
    stage.settle();
    stage.browser.script(GRANT);
    stage.fence();
    assert_eq!(stage.field("[name=gclid]"), stage.click.gclid);
}

/// Loads the page again, and waits for the new one.
fn reload(stage: &Stage) {
    stage.browser.script("window.isOld = true; location.reload();");
    stage
        .browser
        .wait_until("!window.isOld && window.throughline && document.readyState === 'complete'");
    stage.settle();
}

/// Firefox puts the values of hidden inputs back after a reload, when consent may be gone.
fn a_reload_brings_no_value_back_into_a_field(stage: &Stage) {
    // So that no answer brings the cookie back that the test takes away.
    stage.pages.set_collector_door(CollectorDoor::Silent);
    for forget_the_mark in [
        "",
        "document.querySelector('[name=gclid]').removeAttribute('autocomplete');",
    ] {
        land_and_grant(stage, "manual.html");
        stage.browser.script(
            "document.cookie = 'throughline=; Path=/; Max-Age=0'; localStorage.removeItem('throughline');",
        );
        stage.browser.script(forget_the_mark);
        reload(stage);
        assert_eq!(stage.field("[name=gclid]"), "", "after `{forget_the_mark}`");
        stage.assert_nothing_is_kept();
    }
}

fn going_back_to_a_page_that_was_left_with_consent_finds_it_withdrawn(stage: &Stage) {
    land_and_grant(stage, "manual.html");
    let mark = stage.pages.log().mark();
    stage.browser.script("location.assign('/pages/cleaned.html')");
    stage
        .pages
        .log()
        .wait_for(&Expected::any("/pages/cleaned.html"), mark);
    stage
        .browser
        .wait_until("location.pathname.endsWith('cleaned.html') && document.readyState === 'complete'");
    stage.settle();
    stage.browser.script(REFUSE);
    stage.assert_nothing_is_kept();
    stage.browser.script("history.back()");
    stage
        .browser
        .wait_until("location.pathname.endsWith('manual.html') && document.readyState === 'complete'");
    stage.settle();
    assert_eq!(stage.field("[name=gclid]"), "");
    assert_eq!(stage.browser.text_of("JSON.stringify(throughline.get())"), "null");
    stage.assert_nothing_is_kept();
}

fn a_withdrawal_elsewhere_empties_this_page_too(stage: &Stage) {
    land_and_grant(stage, "in-a-frame.html");
    stage
        .browser
        .async_script("await document.querySelector('#other').contentWindow.throughline.ready;");
    stage
        .browser
        .script(&format!("document.querySelector('#other').contentWindow.{GRANT}"));
    stage.browser.script(&format!(
        "document.querySelector('#other').contentWindow.{REFUSE}"
    ));
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value === ''");
    assert_eq!(stage.browser.text_of("JSON.stringify(throughline.get())"), "null");
    stage.assert_nothing_is_kept();
    stage.assert_no_error();
}

fn a_new_click_elsewhere_is_known_here(stage: &Stage) {
    land_and_grant(stage, "in-a-frame.html");
    stage
        .browser
        .async_script("await document.querySelector('#other').contentWindow.throughline.ready;");
    stage.browser.script(&format!(
        "const other = document.querySelector('#other').contentWindow;
         other.{GRANT}; other.history.pushState(null, '', '?gclid=EAIaIQobChMI_elsewhere-0123456789');
         other.dispatchEvent(new Event('popstate'));"
    ));
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value === 'EAIaIQobChMI_elsewhere-0123456789'");
    stage.assert_no_error();
}

fn a_withdrawal_is_told_to_the_collector_and_a_refusal_is_not(stage: &Stage) {
    stage.open("manual.html", &stage.click.query());
    stage.settle();
    stage.expect_in_action(
        |browser| {
            browser.script(REFUSE);
        },
        &[],
        &[Expected::any("/throughline/v1/")],
    );
    land_and_grant(stage, "manual.html");
    stage.expect_in_action(
        |browser| {
            browser.script(REFUSE);
        },
        &[Expected::post("/throughline/v1/consent").holding("\"ad_storage\":\"denied\"")],
        &[Expected::any("/throughline/v1/").holding(&stage.click.gclid)],
    );
    stage.assert_nothing_is_kept();
}

fn the_collector_keeps_the_cookie_after_a_grant(stage: &Stage) {
    stage.open("manual.html", &stage.click.query());
    stage.settle();
    stage.expect_in_action(
        |browser| {
            browser.script(GRANT);
        },
        &[Expected::post("/throughline/v1/consent").holding(&stage.click.gclid)],
        &[],
    );
    assert!(stage.cookie().contains(&stage.click.gclid));
    // Another page of the same visit brings nothing new, and asks for nothing.
    stage.expect_in_action(
        |browser| {
            reload(stage);
            browser.script(GRANT);
        },
        &[],
        &[Expected::any("/throughline/v1/")],
    );
    assert_eq!(stage.cookie(), stage.stored_text());
}
