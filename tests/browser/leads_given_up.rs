//! Leads that wait and are not sent any more: after a withdrawal, after a refusal, too old or too many.

use serde_json::{Value, json};
use support::browser::{CollectorDoor, Expected, Stage};

use crate::lead_queue::{
    LEADS, assert_arrives, grant, key_of, land, put, requests_for, send, told, wait_until_told, waiting,
};

crate::browser_tests!("leads_given_up":
    a_withdrawal_leaves_nothing_that_waits,
    forget_leaves_nothing_that_waits,
    without_consent_nothing_that_waits_is_sent,
    what_is_refused_for_good_is_not_sent_again,
    what_is_too_old_or_too_much_is_dropped_and_told,
);

/// Lets a lead wait on a page that asks for consent itself.
fn let_wait(stage: &Stage) -> String {
    land(stage, "manual", "");
    stage.pages.set_collector_door(CollectorDoor::Down);
    let lead_id = send(stage);
    wait_until_told(stage, "waiting");
    assert_eq!(waiting(stage), json!([key_of(&lead_id)]));
    lead_id
}

fn assert_nothing_is_sent_any_more(stage: &Stage) {
    // What was on its way finds the door still shut; some browsers try once more by themselves.
    stage.fence();
    stage.pages.set_collector_door(CollectorDoor::Open);
    stage.fence();
    let mark = stage.pages.log().mark();
    stage.browser.script("dispatchEvent(new Event('online'))");
    stage.fence();
    stage.open("not-required.html", "");
    stage.settle();
    let came = stage.pages.log().found(&Expected::any(LEADS), mark);
    assert!(came.is_empty(), "{came:?}");
    assert_eq!(stage.collector.leads_with(&stage.click.gclid), 0);
}

fn a_withdrawal_leaves_nothing_that_waits(stage: &Stage) {
    let_wait(stage);
    // In the same task.
    let keys = stage.browser.script(
        "throughline.consent({ad_storage: 'denied'});
         return Object.keys(localStorage).filter(key => key.startsWith('throughline'))",
    );
    assert_eq!(keys, json!([]));
    assert_nothing_is_sent_any_more(stage);
}

fn forget_leaves_nothing_that_waits(stage: &Stage) {
    let_wait(stage);
    let keys = stage.browser.script(
        "throughline.forget();
         return Object.keys(localStorage).filter(key => key.startsWith('throughline'))",
    );
    assert_eq!(keys, json!([]));
    assert_nothing_is_sent_any_more(stage);
}

fn without_consent_nothing_that_waits_is_sent(stage: &Stage) {
    let lead_id = let_wait(stage);
    stage.pages.set_collector_door(CollectorDoor::Open);
    let mark = stage.pages.log().mark();
    // The next page has not heard yet whether the visitor still agrees.
    stage.open("stays.html", "");
    stage.settle();
    stage.browser.script("dispatchEvent(new Event('online'))");
    stage.fence();
    assert!(
        stage.pages.log().found(&Expected::any(LEADS), mark).len() <= 1,
        "only what the page before sent as it went"
    );
    let still = waiting(stage);
    grant(stage);
    assert_arrives(stage, 1);
    assert_eq!(still, json!([key_of(&lead_id)]));
}

fn what_is_refused_for_good_is_not_sent_again(stage: &Stage) {
    for status in [400, 401, 403, 404, 405, 409, 410, 413, 415, 422] {
        land(stage, "not-required", "");
        stage
            .pages
            .set_collector_door(CollectorDoor::Answers(status, None));
        let lead_id = send(stage);
        wait_until_told(stage, "refused");
        assert_eq!(told(stage, &lead_id), [format!("refused {status}")]);
        assert_eq!(waiting(stage), json!([]), "{status}");
        stage.browser.script("dispatchEvent(new Event('online'))");
        stage.fence();
        stage.pages.set_collector_door(CollectorDoor::Open);
        stage.open("not-required.html", "");
        stage.settle();
        assert_eq!(requests_for(stage, &lead_id), 1, "{status}");
    }
    assert_eq!(stage.collector.leads_with(&stage.click.gclid), 0);
}

fn what_is_too_old_or_too_much_is_dropped_and_told(stage: &Stage) {
    const DAY_MS: i64 = 86_400_000;
    land(stage, "not-required", "");
    let mut ages = vec![8 * DAY_MS, -8 * DAY_MS];
    ages.extend((1..=52).rev().map(|seconds| seconds * 1000));
    put(stage, &ages);
    stage
        .browser
        .script("localStorage.setItem('throughline.lead.nonsense', 'nonsense')");
    stage
        .pages
        .set_collector_door(CollectorDoor::Answers(503, Some("300")));
    stage.open("not-required.html", "");
    stage.settle();
    stage.pages.log().wait_for(&Expected::post(LEADS).answered(), 0);
    stage.fence();
    let dropped = stage.browser.script(
        "const count = {};
         for (const [, { state, code }] of seenEvents.filter(([name]) => name === 'lead')) {
             count[state + ' ' + code] = (count[state + ' ' + code] || 0) + 1;
         }
         return count",
    );
    assert_eq!(dropped, json!({"dropped too_old": 3, "dropped too_many": 2}));
    // The newest ones are left, and the oldest of them is asked for first.
    let left = waiting(stage);
    let left: Vec<&str> = left
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    assert_eq!(left.len(), 50, "{left:?}");
    let asked = stage.pages.log().found(&Expected::post(LEADS), 0);
    assert_eq!(asked.len(), 1, "an overloaded collector is asked once");
    assert!(
        asked[0]
            .body_text()
            .contains(&left[0]["throughline.lead.".len()..])
    );
}
