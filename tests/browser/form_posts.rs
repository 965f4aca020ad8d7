//! A page without a script, whose form posts straight to the collector.

use support::browser::Stage;

crate::browser_tests!("form_posts":
    a_plain_form_is_stored_and_its_visitor_sent_on_within_the_site,
    a_plain_form_without_a_yes_is_refused_and_kept_nowhere,
);

const GCLID: &str = "Cj0KCQ-posted_by_a_form";

fn a_plain_form_is_stored_and_its_visitor_sent_on_within_the_site(stage: &Stage) {
    for encoding in ["application/x-www-form-urlencoded", "multipart/form-data"] {
        stage.open("form-post.html", "");
        let gclid = format!("{GCLID}-{}", encoding.len());
        stage.browser.script_with(
            "document.forms[0].enctype = arguments[0]; document.forms[0].gclid.value = arguments[1]",
            vec![encoding.into(), gclid.as_str().into()],
        );
        stage.browser.type_into("[name=email]", "ada@example.com");
        stage.browser.click("[name=ad_storage]");
        stage.browser.click("button");
        stage
            .browser
            .wait_until("location.pathname + location.search === '/pages/empty.html?thanks'");
        stage.collector.wait_for_row_with(&gclid);
        assert_eq!(
            stage.collector.tables_with("ada@example.com"),
            Vec::<String>::new()
        );
    }
}

fn a_plain_form_without_a_yes_is_refused_and_kept_nowhere(stage: &Stage) {
    stage.open("form-post.html", "");
    let gclid = format!("{GCLID}-refused");
    stage.browser.script_with(
        "document.forms[0].gclid.value = arguments[0]",
        vec![gclid.as_str().into()],
    );
    stage.browser.click("button");
    stage
        .browser
        .wait_until("location.pathname === '/throughline/v1/leads'");
    assert_eq!(stage.collector.tables_with(&gclid), Vec::<String>::new());
}
