//! What `explain()` says: who decided, what is kept and where, and why a field is empty.

use support::browser::Stage;

use crate::on_demand::{GRANT, REFUSE, assert_told, explained, land};

crate::browser_tests!("explanations":
    before_the_script_is_there_there_is_a_sentence,
    without_an_answer_it_says_who_could_give_it,
    after_a_grant_it_says_what_is_kept_and_where,
    after_a_refusal_and_an_opt_out_it_says_who_refused,
    where_the_browser_keeps_nothing_it_says_so,
    of_a_hostile_address_it_says_what_is_not_taken,
    of_a_forged_cookie_it_says_that_it_is_not_read,
);

fn before_the_script_is_there_there_is_a_sentence(stage: &Stage) {
    stage.open("prerendered.html", &stage.click.query());
    stage.browser.wait_until("window.throughline");
    assert_eq!(explained(stage), "The script is not loaded yet.");
}

fn without_an_answer_it_says_who_could_give_it(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    let told = explained(stage);
    assert_told(
        &told,
        &[
            "Nobody has answered about consent yet; the site itself has to tell it",
            "Nothing is kept, no field is filled, nothing is sent.",
            "gbraid, gclid, utm_source",
        ],
    );
    assert!(!told.contains(&stage.click.gclid), "{told}");
    stage.assert_nothing_is_kept();
    stage.assert_no_error();
}

fn after_a_grant_it_says_what_is_kept_and_where(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(GRANT);
    stage
        .browser
        .script("document.forms[0].insertAdjacentHTML('beforeend', '<input type=hidden name=msclkid>')");
    stage.fence();
    let told = explained(stage);
    assert_told(
        &told,
        &[
            "The visitor gave consent, says site.",
            "kept in the cookie throughline and in localStorage.",
            &format!("gclid = {}", stage.click.gclid),
            "The field msclkid is empty",
        ],
    );
    assert!(!told.contains("The field gclid"), "{told}");
    stage.assert_no_error();
}

fn after_a_refusal_and_an_opt_out_it_says_who_refused(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(GRANT);
    stage.browser.script(REFUSE);
    let told = explained(stage);
    assert_told(
        &told,
        &["The visitor refused consent or took it back, says site."],
    );
    assert!(!told.contains(&stage.click.gclid), "{told}");
    stage.browser.script(
        "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
                 dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));",
    );
    assert_told(
        &explained(stage),
        &["The visitor opts out by Global Privacy Control"],
    );
    stage.assert_nothing_of_ours_is_kept();
    stage.assert_no_error();
}

fn where_the_browser_keeps_nothing_it_says_so(stage: &Stage) {
    stage.open("blocked-storage.html", &stage.click.query());
    stage
        .browser
        .wait_until("document.querySelector('iframe').src !== ''");
    stage.browser.enter_frame("iframe");
    stage.settle();
    let told = explained(stage);
    assert_told(
        &told,
        &[
            "Consent is not required here",
            "known in memory only",
            &stage.click.gclid,
        ],
    );
    stage.assert_no_error();
    stage.browser.leave_frame();
}

fn of_a_hostile_address_it_says_what_is_not_taken(stage: &Stage) {
    let names: String = (0..2_000)
        .map(|number| format!("&n{number}=%FF%00<script>"))
        .collect();
    let query =
        format!("?gclid={{gclid}}&fbclid=%00&__proto__=1&constructor=2&utm_term=ann%40example.com{names}");
    land(stage, "manual.html", &query);
    assert_told(
        &explained(stage),
        &[
            "gclid in the page's address is not taken",
            "fbclid in the page's address is not taken",
            "names utm_term, known in memory only",
        ],
    );
    stage.browser.script(GRANT);
    stage.fence();
    let told = explained(stage);
    assert_told(&told, &["utm_term held an e-mail address, which is never kept."]);
    assert!(!told.contains("ann@") && !told.contains("<script>"), "{told}");
    stage.assert_no_error();
}

fn of_a_forged_cookie_it_says_that_it_is_not_read(stage: &Stage) {
    land(stage, "manual.html", "");
    stage
        .browser
        .script("document.cookie = 'throughline=<img src=x>; Path=/'");
    let told = explained(stage);
    assert_told(
        &told,
        &["What stands in the cookie of the name throughline was not written by this script"],
    );
    assert!(!told.contains("<img"), "{told}");
    stage.assert_no_error();
}
