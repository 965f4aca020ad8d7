//! The part that a page downloads only when it needs it: that nobody pays for it who needs nothing of it, and what stands in for it
//! where it cannot run or cannot be fetched.

use support::browser::{Expected, Stage};

crate::browser_tests!("on_demand":
    a_page_that_asks_for_nothing_downloads_nothing_of_it,
    without_webassembly_it_says_the_same,
    err_a_part_that_cannot_be_fetched_is_a_sentence,
);

pub(crate) const GRANT: &str =
    "throughline.consent({ ad_storage: 'granted', ad_user_data: 'granted', ad_personalization: 'granted' })";
pub(crate) const REFUSE: &str = "throughline.consent({ ad_storage: 'denied' })";
pub(crate) const FILES: &str = "/throughline/on_demand-";

pub(crate) fn land(stage: &Stage, page: &str, query: &str) {
    stage.open(page, query);
    stage.settle();
}

/// The sentences, each a line.
pub(crate) fn explained(stage: &Stage) -> String {
    let told = stage
        .browser
        .async_script("return (await throughline.explain()).join('\\n');");
    told.as_str().unwrap_or_default().to_owned()
}

pub(crate) fn assert_told(told: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(told.contains(sentence), "`{sentence}` is missing:\n{told}");
    }
}

fn a_page_that_asks_for_nothing_downloads_nothing_of_it(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(GRANT);
    stage.fence();
    stage.browser.script(REFUSE);
    stage.fence();
    let came = stage.pages.log().found(&Expected::any(FILES), 0);
    assert!(came.is_empty(), "{came:?}");
}

fn without_webassembly_it_says_the_same(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    let told = explained(stage);
    stage.pages.set_policy("script-src 'self'");
    land(stage, "manual.html", &stage.click.query());
    let mark = stage.pages.log().mark();
    assert_eq!(explained(stage), told);
    let came = stage.pages.log().found(&Expected::any(FILES), mark);
    assert!(
        came.iter().any(|request| request.path.contains("on_demand-js-")),
        "{came:?}"
    );
}

fn err_a_part_that_cannot_be_fetched_is_a_sentence(stage: &Stage) {
    land(stage, "manual.html", &stage.click.query());
    stage.browser.script(
        "const policy = document.createElement('meta');
         policy.httpEquiv = 'Content-Security-Policy';
         policy.content = \"script-src 'none'\";
         document.head.append(policy);",
    );
    let told = explained(stage);
    assert_told(&told, &["rror"]);
    stage.assert_no_error();
}
