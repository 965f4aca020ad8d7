//! Leads that the collector did not answer at first: each arrives once, and none stands in its form's way.

use std::time::Duration;

use serde_json::{Value, json};
use support::browser::{CollectorDoor, Expected, Stage};

crate::browser_tests!("lead_queue":
    a_lead_that_nobody_answers_arrives_once_when_the_collector_is_back,
    a_lead_sent_offline_arrives_once_when_the_network_is_back,
    a_lead_that_never_got_an_answer_arrives_once_with_the_next_page,
    a_lead_whose_answer_nobody_heard_stays_one_lead,
    a_tab_that_is_closed_at_once_loses_no_lead,
    two_tabs_send_what_waits_and_it_stays_one_lead,
    a_collector_that_is_overloaded_is_left_alone_as_long_as_it_asks,
    the_next_page_leaves_an_overloaded_collector_alone_too,
    where_nothing_can_be_kept_a_lead_waits_in_memory,
    a_request_that_may_not_outlive_its_page_is_sent_all_the_same,
    what_the_collector_cannot_digest_does_not_hold_up_the_others,
);

pub(crate) const LEADS: &str = "/throughline/v1/leads";

/// Lands with a click on a page whose form its own script sends, so that the page stays.
pub(crate) fn land(stage: &Stage, consent: &str, before: &str) {
    stage.pages.set_word("{{consent}}", consent);
    stage.pages.set_word("{{before}}", before);
    stage.open("stays.html", &stage.click.query());
    stage.settle();
    if consent == "manual" {
        grant(stage);
    }
    stage
        .browser
        .wait_until("document.querySelector('[name=gclid]').value !== ''");
}

pub(crate) fn grant(stage: &Stage) {
    stage
        .browser
        .script("throughline.consent({ad_storage: 'granted', ad_user_data: 'granted'})");
}

/// Sends the form, and gives its lead_id as the form's own server got it.
pub(crate) fn send(stage: &Stage) -> String {
    let mark = stage.pages.log().mark();
    stage.browser.click("#contact button");
    // Whatever becomes of the lead, the form has left.
    let form = stage.pages.log().wait_for(&Expected::post("/received"), mark);
    assert_eq!(form.form_value("gclid"), stage.click.gclid);
    form.form_value("lead_id")
}

/// The keys under which leads wait.
pub(crate) fn waiting(stage: &Stage) -> Value {
    let keys = "Object.keys(localStorage).filter(key => key.startsWith('throughline.lead.')).sort()";
    stage.browser.script(&format!("return {keys}"))
}

pub(crate) fn key_of(lead_id: &str) -> String {
    format!("throughline.lead.{lead_id}")
}

/// What the page was told of a lead, in order.
pub(crate) fn told(stage: &Stage, lead_id: &str) -> Vec<String> {
    let told = stage.browser.script_with(
        "return seenEvents.filter(([name, detail]) => name === 'lead' && detail.lead_id === arguments[0])
             .map(([, {state, code}]) => code ? state + ' ' + code : state)",
        vec![lead_id.into()],
    );
    serde_json::from_value(told).expect("texts")
}

pub(crate) fn wait_until_told(stage: &Stage, state: &str) {
    stage.browser.wait_until(&format!(
        "seenEvents.some(([name, detail]) => name === 'lead' && detail.state === '{state}')"
    ));
}

/// Waits until no lead waits any more, and counts what the store holds of this test.
pub(crate) fn assert_arrives(stage: &Stage, leads: usize) {
    stage.collector.wait_for_leads_with(&stage.click.gclid, leads);
    stage.browser.wait_until(
        "!Object.keys(localStorage).some(key => key.startsWith('throughline.') && key !== 'throughline')",
    );
    assert_eq!(stage.collector.leads_with(&stage.click.gclid), leads);
    stage.assert_no_error();
}

pub(crate) fn requests_for(stage: &Stage, lead_id: &str) -> usize {
    stage
        .pages
        .log()
        .found(&Expected::post(LEADS).holding(lead_id), 0)
        .len()
}

/// Puts leads into the device's storage as the script does it, each with the time since its submission in milliseconds.
/// Gives their ids, each higher than the one before.
pub(crate) fn put(stage: &Stage, ages_ms: &[i64]) -> Vec<String> {
    let put = stage.browser.script_with(
        "const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
         // Every engine has the same collector.
         const start = Array.from(crypto.getRandomValues(new Uint8Array(14)), byte => byte & 31);
         return arguments[0].map((age, place) => {
             const values = [...start, place >> 5, place & 31];
             let check = 0;
             for (const value of values) { check = (check ^ value) << 1; if (check & 32) check ^= 37; }
             const lead_id = [...values, check].map(value => alphabet[value]).join('');
             const at = new Date(Date.now() - age).toISOString();
             localStorage.setItem('throughline.lead.' + lead_id, JSON.stringify({
                 v: 1, site: 'default', lead_id, submitted_at: at, page: '', form: {}, script: '',
                 touches: [{ at, ids: { gclid: arguments[1] }, utm: {}, params: {} }],
                 consent: { ad_storage: 'granted', source: 'site', basis: 'explicit', observed_at: at } }));
             return lead_id;
         })",
        vec![json!(ages_ms), json!(stage.click.gclid)],
    );
    serde_json::from_value(put).expect("texts")
}

fn a_lead_that_nobody_answers_arrives_once_when_the_collector_is_back(stage: &Stage) {
    land(stage, "not-required", "");
    stage.pages.set_collector_door(CollectorDoor::Down);
    let lead_id = send(stage);
    wait_until_told(stage, "waiting");
    assert_eq!(waiting(stage), json!([key_of(&lead_id)]));
    // It comes back by itself, more than once.
    let tries = requests_for(stage, &lead_id);
    let mark = stage.pages.log().mark();
    stage.pages.log().wait_for(&Expected::post(LEADS), mark);
    assert!(requests_for(stage, &lead_id) > tries);
    stage.pages.set_collector_door(CollectorDoor::Open);
    assert_arrives(stage, 1);
    assert_eq!(told(stage, &lead_id), ["waiting", "stored"]);
}

fn a_lead_sent_offline_arrives_once_when_the_network_is_back(stage: &Stage) {
    land(stage, "not-required", "");
    // Not even the part of the script that sends leads again can be fetched now.
    stage.pages.set_collector_door(CollectorDoor::Gone);
    let mark = stage.pages.log().mark();
    let lead_id = send(stage);
    stage
        .pages
        .log()
        .wait_for(&Expected::any("/throughline/on_demand-").answered(), mark);
    stage.fence();
    assert_eq!(waiting(stage), json!([key_of(&lead_id)]));
    stage.pages.set_collector_door(CollectorDoor::Open);
    stage.browser.script("dispatchEvent(new Event('online'))");
    assert_arrives(stage, 1);
    assert_eq!(told(stage, &lead_id), ["stored"]);
}

fn a_lead_that_never_got_an_answer_arrives_once_with_the_next_page(stage: &Stage) {
    stage.pages.set_collector_door(CollectorDoor::Silent);
    land(stage, "not-required", "");
    let lead_id = send(stage);
    stage.pages.log().wait_for(&Expected::post(LEADS), 0);
    assert_eq!(waiting(stage), json!([key_of(&lead_id)]));
    stage.pages.set_collector_door(CollectorDoor::Open);
    stage.open("not-required.html", "");
    stage.settle();
    assert_arrives(stage, 1);
    assert_eq!(told(stage, &lead_id), ["stored"]);
}

/// As after each form that is sent by the browser itself: the collector has answered, and the page that asked was gone.
fn a_lead_whose_answer_nobody_heard_stays_one_lead(stage: &Stage) {
    land(stage, "not-required", "");
    let lead_id = send(stage);
    assert_arrives(stage, 1);
    let body = stage.pages.log().wait_for(&Expected::post(LEADS), 0).body_text();
    stage.browser.script_with(
        "localStorage.setItem(arguments[0], arguments[1])",
        vec![key_of(&lead_id).into(), body.into()],
    );
    stage.open("not-required.html", "");
    stage.settle();
    wait_until_told(stage, "repeated");
    assert_arrives(stage, 1);
}

fn a_tab_that_is_closed_at_once_loses_no_lead(stage: &Stage) {
    stage.pages.set_word("{{consent}}", "not-required");
    stage.pages.set_word("{{before}}", "");
    for (door, leads) in [(CollectorDoor::Open, 1), (CollectorDoor::Down, 2)] {
        stage.pages.set_collector_door(door);
        stage.browser.in_second_tab(|| {
            land(stage, "not-required", "");
            stage
                .browser
                .script("document.querySelector('#contact button').click()");
        });
        stage.pages.set_collector_door(CollectorDoor::Open);
        stage.open("not-required.html", "");
        stage.settle();
        assert_arrives(stage, leads);
    }
}

fn two_tabs_send_what_waits_and_it_stays_one_lead(stage: &Stage) {
    land(stage, "not-required", "");
    stage.pages.set_collector_door(CollectorDoor::Down);
    let first = send(stage);
    wait_until_told(stage, "waiting");
    stage.browser.in_second_tab(|| {
        land(stage, "not-required", "");
        let second = send(stage);
        wait_until_told(stage, "waiting");
        // This tab sends its own lead and the other tab's.
        let mark = stage.pages.log().mark();
        stage
            .pages
            .log()
            .wait_for(&Expected::post(LEADS).holding(&first), mark);
        let mut both = [key_of(&first), key_of(&second)];
        both.sort();
        assert_eq!(waiting(stage), json!(both));
        stage.pages.set_collector_door(CollectorDoor::Open);
        assert_arrives(stage, 2);
    });
    assert_arrives(stage, 2);
}

fn a_collector_that_is_overloaded_is_left_alone_as_long_as_it_asks(stage: &Stage) {
    const SECONDS: u64 = 2;
    for status in [503, 429] {
        land(stage, "not-required", "");
        stage
            .pages
            .set_collector_door(CollectorDoor::Answers(status, Some("2")));
        let mark = stage.pages.log().mark();
        let lead_id = send(stage);
        let refused = stage
            .pages
            .log()
            .wait_for(&Expected::post(LEADS).answered(), mark);
        wait_until_told(stage, "waiting");
        assert_eq!(told(stage, &lead_id), [format!("waiting {status}")]);
        stage.pages.set_collector_door(CollectorDoor::Open);
        // Not even a network that comes back is a reason to ask before.
        stage.browser.script("dispatchEvent(new Event('online'))");
        wait_until_told(stage, "stored");
        let asked = stage
            .pages
            .log()
            .found(&Expected::post(LEADS).holding(&lead_id), mark);
        assert_eq!(asked.len(), 2, "one try, and one when it was time");
        let pause = asked[1].arrived_at.duration_since(refused.arrived_at);
        assert!(
            pause >= Duration::from_secs(SECONDS),
            "asked again after {pause:?}"
        );
    }
    assert_arrives(stage, 2);
}

fn the_next_page_leaves_an_overloaded_collector_alone_too(stage: &Stage) {
    land(stage, "not-required", "");
    stage
        .pages
        .set_collector_door(CollectorDoor::Answers(503, Some("3")));
    send(stage);
    wait_until_told(stage, "waiting");
    let refused = stage.pages.log().found(&Expected::post(LEADS), 0);
    stage.pages.set_collector_door(CollectorDoor::Open);
    let mark = stage.pages.log().mark();
    stage.open("not-required.html", "");
    stage.settle();
    let asked = stage.pages.log().wait_for(&Expected::post(LEADS), mark);
    let pause = asked.arrived_at.duration_since(refused[0].arrived_at);
    assert!(pause >= Duration::from_secs(3), "asked again after {pause:?}");
    assert_arrives(stage, 1);
}

/// As Firefox does it where the visitor has blocked all cookies.
const STORAGE_REFUSED: &str = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } });";

fn where_nothing_can_be_kept_a_lead_waits_in_memory(stage: &Stage) {
    land(stage, "not-required", STORAGE_REFUSED);
    for (door, told_then) in [
        (CollectorDoor::Gone, &["stored"][..]),
        (CollectorDoor::Down, &["waiting", "stored"]),
    ] {
        stage.pages.set_collector_door(door);
        let mark = stage.pages.log().mark();
        let lead_id = send(stage);
        if told_then.len() > 1 {
            wait_until_told(stage, "waiting");
        } else {
            // Nobody is there who could tell.
            let part = Expected::any("/throughline/on_demand-").answered();
            stage.pages.log().wait_for(&part, mark);
            stage.fence();
        }
        stage.pages.set_collector_door(CollectorDoor::Open);
        stage.browser.script("dispatchEvent(new Event('online'))");
        wait_until_told(stage, "stored");
        stage.assert_no_error();
        assert_eq!(told(stage, &lead_id), told_then, "{door:?}");
        stage
            .browser
            .script("document.querySelector('form').reset(); seenEvents.length = 0");
        stage.fence();
    }
    assert_eq!(stage.collector.leads_with(&stage.click.gclid), 2);
}

/// Other scripts of the page may have used up what all such requests together may hold.
const KEEPALIVE_REFUSED: &str = "const asked = window.fetch;
    window.fetch = (url, options) =>
        options && options.keepalive ? Promise.reject(new TypeError('too much')) : asked(url, options);";

fn a_request_that_may_not_outlive_its_page_is_sent_all_the_same(stage: &Stage) {
    land(stage, "not-required", KEEPALIVE_REFUSED);
    let lead_id = send(stage);
    wait_until_told(stage, "stored");
    assert_eq!(told(stage, &lead_id), ["waiting", "stored"]);
    assert_arrives(stage, 1);
}

fn what_the_collector_cannot_digest_does_not_hold_up_the_others(stage: &Stage) {
    land(stage, "not-required", "");
    let lead_ids = put(stage, &[2000, 1000]);
    stage.pages.set_collector_door(CollectorDoor::Answers(500, None));
    let mark = stage.pages.log().mark();
    stage.open("not-required.html", "");
    let log = stage.pages.log();
    for lead_id in lead_ids {
        log.wait_for(&Expected::post(LEADS).holding(lead_id), mark);
    }
    stage.pages.set_collector_door(CollectorDoor::Open);
    assert_arrives(stage, 2);
}
