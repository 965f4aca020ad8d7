//! `data-user-data="hash"`: who sends a form, as hashes, and only with a grant of its own.

use serde_json::{Value, json};
use support::browser::{CollectorDoor, Expected, Stage};

crate::browser_tests!("user_data":
    a_lead_carries_the_hash_of_each_platforms_own_rule,
    a_phone_number_without_a_country_is_left_out_unless_the_site_names_one,
    without_the_attribute_nothing_is_fetched_and_nothing_is_hashed,
    without_ad_user_data_nothing_is_hashed,
    a_withdrawal_of_ad_user_data_ends_it_at_once,
    what_waits_on_the_device_holds_no_hash,
    a_page_without_webassembly_hashes_alike,
);

const LEADS: &str = "/throughline/v1/leads";
const FILES: &str = "/throughline/user_data-";

/// Google's own examples, with the hash that Google prints.
const EMAIL: &str = "Cloudy.SanFrancisco+shopping@gmail.com";
const EMAIL_GOOGLE: &str = "223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4";
const PHONE: &str = "+44-113-496-0987";
const PHONE_E164: &str = "0fac52d27ec377f8ad2f9de75d1f9bace693237e31868ae6f4616b8bbd0e94fb";
const PHONE_META: &str = "0d0bdab1b69302da54eab62fafae55faadba503c4a51b870a57a34959d645be9";

fn land(stage: &Stage, attributes: &str) {
    stage.pages.set_word("{{attributes}}", attributes);
    stage.open("user-data.html", &stage.click.query());
    stage.settle();
}

fn consent(stage: &Stage, ad_user_data: &str) {
    stage.browser.script_with(
        "throughline.consent({ad_storage: 'granted', ad_user_data: arguments[0]})",
        vec![ad_user_data.into()],
    );
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
}

fn write(stage: &Stage, email: &str, phone: &str) {
    stage.browser.script_with(
        "document.querySelector('[name=mail]').value = arguments[0];
         document.querySelector('[name=phone]').value = arguments[1];",
        vec![email.into(), phone.into()],
    );
}

/// The part comes by itself after the grant. It is there when a lead carries hashes.
fn wait_for_part(stage: &Stage) {
    stage.browser.async_script(
        "while (!sentBodies.some(body => body.user)) {
             await throughline.lead(document.querySelector('form'));
             await new Promise(next => setTimeout(next, 20));
         }",
    );
}

/// Sends the form, and gives its lead as it arrived.
fn send(stage: &Stage) -> Value {
    let mark = stage.pages.log().mark();
    stage
        .browser
        .script("throughline.lead(document.querySelector('form')).catch(() => {})");
    let lead = stage.pages.log().wait_for(&Expected::post(LEADS), mark);
    let text = lead.body_text();
    for raw in ["gmail.com", "496-0987", "example.com"] {
        assert!(!text.contains(raw), "`{raw}` is not ours: {text}");
    }
    serde_json::from_str(&text).expect("a lead is JSON")
}

fn a_lead_carries_the_hash_of_each_platforms_own_rule(stage: &Stage) {
    land(stage, "data-user-data=\"hash\"");
    consent(stage, "granted");
    write(stage, EMAIL, PHONE);
    wait_for_part(stage);
    // As a visitor does it.
    stage.browser.script("document.querySelector('form').reset()");
    stage.fence();
    write(stage, EMAIL, PHONE);
    let mark = stage.pages.log().mark();
    stage.browser.click("#contact button");
    let form = stage.pages.log().wait_for(&Expected::post("/received"), mark);
    assert_eq!(
        (form.form_value("mail"), form.form_value("phone")),
        (EMAIL.to_owned(), PHONE.to_owned())
    );
    let lead = stage.pages.log().wait_for(&Expected::post(LEADS), mark);
    let lead: Value = serde_json::from_slice(&lead.body).expect("a lead is JSON");
    assert_eq!(lead["lead_id"], form.form_value("lead_id"));
    let email = &lead["user"]["email"];
    assert_eq!(email["google"], EMAIL_GOOGLE);
    // Microsoft's form of it is the same as Google's, Meta keeps the dots and the tag.
    assert_eq!(email["microsoft"], EMAIL_GOOGLE);
    assert_eq!(
        email["meta"],
        "8dd4a9bf850242873c14976125edabc35096192b784626a5641a7d2de56e3c1e"
    );
    let phone = json!({"google": PHONE_E164, "microsoft": PHONE_E164, "meta": PHONE_META});
    assert_eq!(lead["user"]["phone"], phone);
    stage.collector.wait_for_row_with(&form.form_value("lead_id"));
    assert!(
        stage.collector.leads_with(EMAIL_GOOGLE) > 0,
        "the collector keeps them"
    );
    stage.assert_no_error();
}

fn a_phone_number_without_a_country_is_left_out_unless_the_site_names_one(stage: &Stage) {
    for (attributes, phone) in [
        ("data-user-data=\"hash\"", json!({})),
        (
            "data-user-data=\"hash\" data-phone-country=\"GB\"",
            json!({"google": PHONE_E164, "microsoft": PHONE_E164, "meta": PHONE_META}),
        ),
    ] {
        land(stage, attributes);
        consent(stage, "granted");
        write(stage, EMAIL, "0113 496 0987");
        wait_for_part(stage);
        assert_eq!(send(stage)["user"]["phone"], phone, "{attributes}");
    }
}

fn without_the_attribute_nothing_is_fetched_and_nothing_is_hashed(stage: &Stage) {
    for attributes in ["", "data-user-data=\"off\""] {
        land(stage, attributes);
        consent(stage, "granted");
        write(stage, EMAIL, PHONE);
        stage.fence();
        assert_eq!(send(stage).get("user"), None, "{attributes}");
    }
    let came = stage.pages.log().found(&Expected::any(FILES), 0);
    assert!(came.is_empty(), "{came:?}");
}

fn without_ad_user_data_nothing_is_hashed(stage: &Stage) {
    land(stage, "data-user-data=\"hash\"");
    stage.fence();
    let came = stage.pages.log().found(&Expected::any(FILES), 0);
    assert!(came.is_empty(), "nothing is fetched before consent: {came:?}");
    consent(stage, "denied");
    write(stage, EMAIL, PHONE);
    stage.pages.log().wait_for(&Expected::any(FILES).answered(), 0);
    stage.fence();
    assert_eq!(send(stage).get("user"), None);
    stage.assert_no_error();
}

fn a_withdrawal_of_ad_user_data_ends_it_at_once(stage: &Stage) {
    land(stage, "data-user-data=\"hash\"");
    consent(stage, "granted");
    write(stage, EMAIL, PHONE);
    wait_for_part(stage);
    consent(stage, "denied");
    assert_eq!(send(stage).get("user"), None);
}

fn what_waits_on_the_device_holds_no_hash(stage: &Stage) {
    land(stage, "data-user-data=\"hash\"");
    consent(stage, "granted");
    write(stage, EMAIL, PHONE);
    wait_for_part(stage);
    stage.pages.set_collector_door(CollectorDoor::Down);
    let mark = stage.pages.log().mark();
    stage
        .browser
        .script("document.addEventListener('throughline:lead', event => (window.told = event.detail.state))");
    let lead = send(stage);
    assert_eq!(lead["user"]["email"]["google"], EMAIL_GOOGLE);
    // Some browsers try once more by themselves; that try must find the door shut too.
    stage.browser.wait_until("window.told === 'waiting'");
    let lead_id = lead["lead_id"].as_str().unwrap_or_default().to_owned();
    let kept = stage.browser.text_of("JSON.stringify({...localStorage})");
    assert!(kept.contains(&lead_id), "it waits: {kept}");
    for hash in [EMAIL_GOOGLE, PHONE_E164, PHONE_META] {
        assert!(!kept.contains(hash), "a hash is on the device: {kept}");
    }
    // The first answer is lost, and what is sent then comes without: the collector knows it for the same lead.
    stage.pages.set_collector_door(CollectorDoor::Open);
    stage
        .browser
        .wait_until("!Object.keys(localStorage).some(key => key.startsWith('throughline.lead.'))");
    let sent = stage
        .pages
        .log()
        .found(&Expected::post(LEADS).holding(&lead_id), mark);
    let last = sent.last().expect("a request").body_text();
    assert!(!last.contains("\"user\""), "{last}");
    assert_eq!(stage.collector.leads_with(&lead_id), 1);
}

fn a_page_without_webassembly_hashes_alike(stage: &Stage) {
    land(stage, "data-user-data=\"hash\" data-engine=\"js\"");
    consent(stage, "granted");
    write(stage, EMAIL, PHONE);
    wait_for_part(stage);
    let lead = send(stage);
    assert_eq!(lead["user"]["email"]["google"], EMAIL_GOOGLE);
    assert_eq!(lead["user"]["phone"]["meta"], PHONE_META);
}
