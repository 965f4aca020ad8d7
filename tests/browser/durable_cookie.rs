//! The cookie that the collector sets: a browser keeps it, the script can read it, and a withdrawal ends it.

use serde_json::{Value, json};
use support::browser::Stage;

crate::browser_tests!("durable_cookie":
    a_grant_is_kept_by_the_browser_and_a_withdrawal_ends_it,
    a_withdrawal_ends_a_cookie_that_a_script_wrote,
    a_record_that_has_become_too_old_ends_its_cookie,
);

/// Posts a notice as the script does, and answers what the collector said.
fn tell(stage: &Stage, notice: &str) -> Value {
    stage.browser.async_script(&format!(
        "const notice = {notice};
         const answer = await fetch('/throughline/v1/consent', {{ method: 'POST', body: JSON.stringify(notice) }});
         return (await answer.json()).result;"
    ))
}

/// The record's moment is today's, because the collector drops what is too old.
const GRANT: &str = "{ v: 1, site: 'default', ad_storage: 'granted', domain: '', days: 90,
    record: '1|' + Date.now().toString(36) + '!!!gclid=Cj0KCQ-durable' }";

const WITHDRAWAL: &str = "{ v: 1, site: 'default', ad_storage: 'denied', domain: '' }";

fn a_grant_is_kept_by_the_browser_and_a_withdrawal_ends_it(stage: &Stage) {
    stage.open("empty.html", "");
    assert_eq!(tell(stage, GRANT), json!("set"));
    assert!(
        stage.cookie().ends_with("!!!gclid=Cj0KCQ-durable"),
        "{}",
        stage.cookie()
    );
    assert_eq!(tell(stage, WITHDRAWAL), json!("expired"));
    stage.assert_nothing_is_kept();
}

fn a_withdrawal_ends_a_cookie_that_a_script_wrote(stage: &Stage) {
    stage.open("empty.html", "");
    stage
        .browser
        .script("document.cookie = 'throughline=1|old; Path=/; SameSite=Lax; Max-Age=600';");
    assert_eq!(stage.cookie(), "1|old");
    assert_eq!(tell(stage, WITHDRAWAL), json!("expired"));
    stage.assert_nothing_is_kept();
}

fn a_record_that_has_become_too_old_ends_its_cookie(stage: &Stage) {
    stage.open("empty.html", "");
    assert_eq!(tell(stage, GRANT), json!("set"));
    let too_old = GRANT.replace("Date.now()", "(Date.now() - 91 * 86400000)");
    assert_eq!(tell(stage, &too_old), json!("expired"));
    stage.assert_nothing_is_kept();
}
