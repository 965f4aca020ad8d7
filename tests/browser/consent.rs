//! Who may say yes, and what happens before, after and when it is taken back.

use support::browser::{Expected, Stage};

crate::browser_tests!("consent":
    before_an_answer_nothing_is_kept_filled_or_sent,
    the_site_itself_may_tell_of_a_grant,
    a_withdrawal_empties_fields_and_device_at_once,
    after_a_withdrawal_a_sent_form_carries_nothing,
    a_wrong_word_to_the_api_does_not_stop_a_withdrawal,
    a_token_is_remembered_over_a_withdrawal_and_a_grant,
    a_site_that_needs_no_consent_says_so,
    an_update_before_the_tag_counts,
    an_update_after_the_tag_counts,
    a_refusal_keeps_nothing,
    a_default_alone_is_no_grant,
    a_plain_array_is_no_command,
    a_manual_site_does_not_listen_to_consent_mode,
);

const GRANT: &str =
    "throughline.consent({ ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'denied' })";
const REFUSE: &str =
    "throughline.consent({ ad_storage: 'denied', ad_user_data: 'denied', ad_personalization: 'denied' })";
const UPDATE_GRANTED: &str = "gtag('consent', 'update', { ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'granted' })";
const UPDATE_DENIED: &str = "gtag('consent', 'update', { ad_storage: 'denied' })";

/// Lands on the page from an ad and lets the script do what it wants.
fn land(stage: &Stage, page: &str) {
    stage.open(page, &stage.click.query());
    stage.settle();
}

/// The state that must hold wherever nobody has said yes.
fn assert_untouched(stage: &Stage) {
    stage.fence();
    stage.assert_nothing_is_kept();
    assert_eq!(
        (stage.field("[name=gclid]"), stage.field("[name=lead_id]")),
        (String::new(), String::new())
    );
    assert_eq!(
        stage.browser.text_of("JSON.stringify(throughline.get())"),
        "null",
        "the page may not see it either"
    );
    stage.assert_no_request_to_the_api();
    stage.assert_no_error();
}

/// The state that must hold as soon as somebody has.
fn assert_kept_and_filled(stage: &Stage) {
    let gclid = &stage.click.gclid;
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
    assert_eq!(stage.field("[name=gclid]"), *gclid);
    assert_eq!(stage.field("[name=utm_campaign]"), "spring sale");
    assert_eq!(stage.field("[name=lead_id]").len(), 17);
    assert!(
        stage.cookie().contains(gclid.as_str()),
        "the cookie holds `{}`",
        stage.cookie()
    );
    assert_eq!(stage.cookie(), stage.stored_text());
    assert_eq!(stage.browser.text_of("throughline.get().last.ids.gclid"), *gclid);
    stage.assert_no_error();
}

fn before_an_answer_nothing_is_kept_filled_or_sent(stage: &Stage) {
    for page in ["manual.html", "consent-mode.html"] {
        land(stage, page);
        assert_untouched(stage);
        // Sending the form does not change it, and the form goes its way.
        stage.expect_in_action(
            |browser| browser.click("#contact button"),
            &[Expected::post("/received")],
            &[Expected::any("/throughline/v1/")],
        );
        stage.assert_nothing_is_kept();
    }
    let body = stage.pages.log().wait_for(&Expected::post("/received"), 0);
    assert_eq!(
        (body.form_value("gclid"), body.form_value("lead_id")),
        (String::new(), String::new())
    );
}

fn the_site_itself_may_tell_of_a_grant(stage: &Stage) {
    land(stage, "manual.html");
    stage.browser.script(GRANT);
    assert_kept_and_filled(stage);
    assert_eq!(
        stage.browser.text_of("JSON.stringify(seenEvents)"),
        r#"[["ready",null],["change",{"consent":"granted"}]]"#
    );
    assert_eq!(
        stage
            .browser
            .text_of("throughline.get().consent.ad_personalization"),
        "denied"
    );
}

fn a_withdrawal_empties_fields_and_device_at_once(stage: &Stage) {
    land(stage, "manual.html");
    stage.browser.script(GRANT);
    assert_kept_and_filled(stage);
    // Looked at in the same script: not later, not in another task.
    let left = stage.browser.script(&format!(
        "{REFUSE};
         return [document.cookie, localStorage.length, ...document.querySelectorAll('#contact [type=hidden]')]
             .map(item => item && item.nodeType ? item.value : item).concat(String(throughline.get()));"
    ));
    assert_eq!(left, serde_json::json!(["", 0, "", "", "", "null"]));
    stage
        .browser
        .open(&format!("{}/pages/manual.html", stage.pages.origin()));
    stage.settle();
    // As a consent tool does on every page, it tells of the stored refusal before the visitor thinks again.
    stage.browser.script(REFUSE);
    stage.browser.script(GRANT);
    stage.fence();
    assert_eq!(
        stage.field("[name=gclid]"),
        "",
        "what was withdrawn does not come back"
    );
}

fn after_a_withdrawal_a_sent_form_carries_nothing(stage: &Stage) {
    land(stage, "manual.html");
    stage.browser.script(GRANT);
    assert_kept_and_filled(stage);
    stage.browser.script(REFUSE);
    stage.expect_in_action(
        |browser| browser.click("#contact button"),
        &[Expected::post("/received")],
        &[
            Expected::post("/throughline/v1/leads"),
            Expected::post("/received").holding(&stage.click.gclid),
        ],
    );
    stage.assert_nothing_is_kept();
}

/// The module must outlive whatever a page hands in: a dead module would never delete anything again.
fn a_wrong_word_to_the_api_does_not_stop_a_withdrawal(stage: &Stage) {
    land(stage, "manual.html");
    stage.browser.script(GRANT);
    assert_kept_and_filled(stage);
    stage.browser.script(
        "throughline.fill('#contact');
         document.dispatchEvent(new Event('submit', {bubbles: true}));
         throughline.lead({email: 'a@example.com'}).finally(() => { document.title = 'told' });",
    );
    stage.browser.wait_until("document.title === 'told'");
    stage.browser.script(REFUSE);
    stage.assert_nothing_is_kept();
    assert_eq!(stage.field("[name=gclid]"), "");
}

/// What a field wants is known by its token alone, which the first value replaces.
fn a_token_is_remembered_over_a_withdrawal_and_a_grant(stage: &Stage) {
    land(stage, "manual.html");
    stage.browser.script(
        "document.querySelector('#contact').insertAdjacentHTML('beforeend',
             '<input type=hidden name=input_5 value=\"[gclid]\">');",
    );
    stage.browser.script(GRANT);
    stage
        .browser
        .wait_until("document.querySelector('[name=input_5]').value !== '[gclid]'");
    assert_eq!(stage.field("[name=input_5]"), stage.click.gclid);
    stage.browser.script(REFUSE);
    assert_eq!(stage.field("[name=input_5]"), "");
    stage.browser.script(GRANT);
    assert_eq!(stage.field("[name=input_5]"), stage.click.gclid);
}

fn a_site_that_needs_no_consent_says_so(stage: &Stage) {
    land(stage, "not-required.html");
    assert_kept_and_filled(stage);
}

fn an_update_before_the_tag_counts(stage: &Stage) {
    land(stage, "answered-before-the-tag.html");
    assert_kept_and_filled(stage);
}

fn an_update_after_the_tag_counts(stage: &Stage) {
    land(stage, "consent-mode.html");
    assert_untouched(stage);
    stage.browser.script(UPDATE_GRANTED);
    assert_kept_and_filled(stage);
}

fn a_refusal_keeps_nothing(stage: &Stage) {
    land(stage, "consent-mode.html");
    stage.browser.script(UPDATE_DENIED);
    assert_untouched(stage);
}

fn a_default_alone_is_no_grant(stage: &Stage) {
    land(stage, "default-granted.html");
    assert_untouched(stage);
}

fn a_plain_array_is_no_command(stage: &Stage) {
    land(stage, "plain-array.html");
    stage
        .browser
        .script("dataLayer.push(['consent', 'update', { ad_storage: 'granted' }])");
    assert_untouched(stage);
}

fn a_manual_site_does_not_listen_to_consent_mode(stage: &Stage) {
    land(stage, "manual.html");
    stage.browser.script(
        "window.dataLayer = window.dataLayer || [];
         (function gtag() { dataLayer.push(arguments) })('consent', 'update', { ad_storage: 'granted' });",
    );
    assert_untouched(stage);
}
